/** Runs on the agents: shipped as a file, and imports an npm package that is shipped beside it. */
import { EventEmitter } from 'eventemitter3'

/** Counts words by way of events, so that the answer shows that the package was there. */
export function countWords(text) {
  const counts = {}
  const emitter = new EventEmitter()
  emitter.on('word', (word) => (counts[word] = (counts[word] ?? 0) + 1))
  for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) emitter.emit('word', word)
  return counts
}
