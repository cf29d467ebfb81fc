import { describe, expect, it } from 'vitest'
import { roundOf } from '../../../../src/inspector/page/state/round.ts'
import { appInfo } from '../support.ts'

describe('roundOf', () => {
  it('stays the same for a run that is over', () => {
    expect(roundOf(appInfo({ isOver: true, now: 5_000 }))).toBe(0)
  })

  it('changes each second of a run that goes on', () => {
    const rounds = [5_000, 5_999, 6_000].map((now) => roundOf(appInfo({ isOver: false, now })))
    expect(rounds).toEqual([5, 5, 6])
  })

  it('changes twenty times while a journal is being read, and once more after that', () => {
    const rounds = Array.from({ length: 1_001 }, (_, readSeq) =>
      roundOf(appInfo({ isOver: true, lastSeq: 1_000, readSeq })),
    )
    expect(new Set(rounds).size).toBe(21)
  })

  it('changes as often while it is replayed, since outcomes become known', () => {
    const read = { isOver: true, lastSeq: 1_000 }
    const rounds = Array.from({ length: 1_001 }, (_, seq) => [
      roundOf(appInfo({ ...read, readSeq: seq })),
      roundOf(appInfo({ ...read, replayedSeq: seq })),
    ])
    expect(new Set(rounds.flat()).size).toBe(41)
  })
})
