import { describe, expect, it } from 'vitest'
import { linesOf } from '../../../src/inspector/saved/lines.ts'

describe('linesOf', () => {
  it.each([
    { pieces: [], lines: [] },
    { pieces: ['one\ntwo\n'], lines: ['one', 'two'] },
    { pieces: ['on', 'e\nt', 'wo', '\n', 'three'], lines: ['one', 'two', 'three'] },
  ])('joins lines that were cut: $pieces', ({ pieces, lines }) => {
    expect([...linesOf(pieces)]).toEqual(lines)
  })
})
