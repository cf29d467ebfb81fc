import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinWords } from '../../../src/cli/exec/join-words.ts'
import { quoteWord } from '../../../src/domain/quote-word.ts'

describe('quoteWord', () => {
  it('leaves plain words as they are', () => {
    expect(quoteWord('/usr/bin/node')).toBe('/usr/bin/node')
  })

  it('gives the shell back the very word', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }).filter(isPassable), (word) => {
        const printed = execFileSync('/bin/sh', ['-c', `printf %s ${quoteWord(word)}`])
        expect(printed.toString()).toBe(word)
      }),
      { numRuns: 20 },
    )
  })
})

describe('joinWords', () => {
  it('keeps a single word as a command of its own', () => {
    expect(joinWords(['echo hi; exit 3'])).toBe('echo hi; exit 3')
  })

  it('keeps words with blanks together and variables open', () => {
    expect(joinWords(['sh', '-c', 'echo a b', '$X', ''])).toBe(`sh -c 'echo a b' $X ''`)
  })
})

/** Arguments of a process end at a zero byte; halves of surrogate pairs are no UTF-8. */
function isPassable(word: string): boolean {
  return !word.includes('\u0000') && Buffer.from(word).toString() === word
}
