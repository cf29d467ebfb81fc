import { describe, expect, it } from 'vitest'
import { nextPieceRuns } from '../../../../src/executor/libraries/relay/piece-runs.ts'

describe('nextPieceRuns', () => {
  it('doubles a piece that came so fast that the round trip counts', () => {
    expect(nextPieceRuns(4, 10)).toBe(8)
  })

  it('halves one that took long, down to one run', () => {
    expect([nextPieceRuns(4, 200), nextPieceRuns(1, 200)]).toEqual([2, 1])
  })

  it('keeps the size otherwise', () => {
    expect(nextPieceRuns(4, 50)).toBe(4)
  })
})
