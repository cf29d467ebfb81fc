/** Words of this command line made into one for `/bin/sh -c` on an agent. */
import { quoteWord } from '../../domain/quote-word.ts'

/**
 * The words joined with blanks. A single word is a command as it stands; among several, one that has blanks in it
 * stays one word. The agent's shell sees everything else, so that it fills in `$JARCAST_CLASSPATH`.
 */
export function joinWords(words: readonly string[]): string {
  const [first = ''] = words
  if (words.length <= 1) return first
  return words.map((word) => (word === '' || /\s/.test(word) ? quoteWord(word) : word)).join(' ')
}
