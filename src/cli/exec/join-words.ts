/** Makes the words after `--` one command for `/bin/sh -c` on an agent. */
import { quoteWord } from '../../domain/quote-word.ts'

/**
 * Joins the words with blanks. A single word is the command itself; of several words, those with
 * blanks are quoted. Everything else reaches the agent's shell, which expands `$JARCAST_CLASSPATH`.
 */
export function joinWords(words: readonly string[]): string {
  const [first = ''] = words
  if (words.length <= 1) return first
  return words.map((word) => (word === '' || /\s/.test(word) ? quoteWord(word) : word)).join(' ')
}
