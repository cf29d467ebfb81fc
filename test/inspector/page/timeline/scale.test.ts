import { describe, expect, it } from 'vitest'
import { createScale } from '../../../../src/inspector/page/timeline/scale.ts'
import type { Bucket } from '../../../../src/inspector/protocol/questions.ts'

/** A bucket a second, with so many entries each. */
function buckets(counts: readonly number[]): readonly Bucket[] {
  let fromSeq = 0
  return counts.map((count, index) => {
    const bucket = { fromSeq, fromNow: index * 1000, count, failed: 0, rejected: 0 }
    fromSeq += count
    return bucket
  })
}

const night = [10, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 10]

describe('createScale', () => {
  it('finds each entry again where it draws it', () => {
    for (const isCompressed of [true, false]) {
      const scale = createScale(buckets(night), 39, isCompressed)
      for (let seq = 0; seq <= 39; seq += 1) expect(scale.seqAt(scale.xOf(seq))).toBe(seq)
    }
  })

  it('keeps idle time, or makes it narrow', () => {
    const plain = createScale(buckets(night), 39, false)
    const narrow = createScale(buckets(night), 39, true)
    expect(plain.xOf(20)).toBeCloseTo(0.9)
    expect(plain.gaps).toEqual([])
    expect(narrow.xOf(20)).toBeCloseTo(5 / 7)
    expect(narrow.gaps).toEqual([{ x: 2 / 7, width: 3 / 7, ms: 16_000 }])
  })

  it('keeps a short pause as it is', () => {
    expect(createScale(buckets([1, 0, 0, 0, 0, 0, 0, 1]), 1, true).gaps).toEqual([])
  })

  it('shows the entry before a gap inside it', () => {
    expect(createScale(buckets(night), 39, true).seqAt(0.5)).toBe(19)
  })

  it('never goes back while the pointer goes on', () => {
    const scale = createScale(buckets([3, 0, 1, 250, 0, 0, 7]), 260, true)
    let last = -1
    for (let x = 0; x <= 1.001; x += 0.001) {
      expect(scale.seqAt(x)).toBeGreaterThanOrEqual(last)
      last = scale.seqAt(x)
    }
    expect(last).toBe(260)
  })

  it('stands a run without buckets', () => {
    const scale = createScale([], 0, true)
    expect([scale.xOf(0), scale.seqAt(0.5)]).toEqual([0, 0])
  })
})
