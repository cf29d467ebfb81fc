import { describe, expect, it } from 'vitest'
import {
  findText,
  maxMatches,
  piecesOf,
} from '../../../../../src/inspector/page/views/sandbox/find-text.ts'

describe('findText', () => {
  it('finds a text in any case, also several times in a line', () => {
    expect(findText(['an Error', 'fine', 'error error'], 'ERROR')).toEqual([
      { line: 0, from: 3, to: 8 },
      { line: 2, from: 0, to: 5 },
      { line: 2, from: 6, to: 11 },
    ])
    expect(findText(['aaaa'], 'aa')).toHaveLength(2)
    expect(findText(['text'], '')).toEqual([])
  })

  it('stops at a number of matches', () => {
    expect(findText(['x'.repeat(maxMatches + 10)], 'x')).toHaveLength(maxMatches)
  })
})

describe('piecesOf', () => {
  it('cuts a line at its matches', () => {
    const matches = findText(['error error!'], 'error').map((match, index) => ({ ...match, index }))
    expect(piecesOf('error error!', matches)).toEqual([
      { text: 'error', match: 0 },
      { text: ' ' },
      { text: 'error', match: 1 },
      { text: '!' },
    ])
    expect(piecesOf('', [])).toEqual([{ text: '' }])
  })
})
