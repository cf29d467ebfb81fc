import { describe, expect, it } from 'vitest'
import { createFollowedCount } from '../../../../src/inspector/page/log/followed-count.ts'

describe('createFollowedCount', () => {
  it('draws new rows once they have come', () => {
    const count = createFollowedCount()
    let here = 0
    const isHere = (index: number) => index < here
    expect(count(100, isHere)).toBe(100)
    expect(count(2_100, isHere)).toBe(100)
    here = 2_100
    expect(count(2_100, isHere)).toBe(2_100)
  })

  it('draws what has come while the log grows faster than it is read', () => {
    const count = createFollowedCount()
    const here = new Set<number>()
    const isHere = (index: number) => here.has(index)
    count(100, isHere)
    count(2_000, isHere)
    count(4_000, isHere)
    here.add(1_999)
    expect(count(6_000, isHere)).toBe(2_000)
    here.add(5_999)
    expect(count(8_000, isHere)).toBe(6_000)
  })

  it('follows a log that became shorter', () => {
    const count = createFollowedCount()
    count(100, () => true)
    expect(count(10, () => false)).toBe(10)
  })
})
