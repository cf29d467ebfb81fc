import { describe, expect, it } from 'vitest'
import { createTokenBucket } from '../../src/access/token-bucket.ts'

describe('createTokenBucket', () => {
  it('lets the last taker overdraw, and fills up again', () => {
    const bucket = createTokenBucket(1000, 100, 0)
    bucket.take(300)
    expect(bucket.hasTokens(0)).toBe(false)
    expect(bucket.waitMs(0)).toBe(200)
    expect(bucket.hasTokens(201)).toBe(true)
  })

  it('holds no more than the burst', () => {
    const bucket = createTokenBucket(1000, 100, 0)
    bucket.giveBack(1000)
    bucket.take(100)
    expect(bucket.hasTokens(0)).toBe(false)
  })

  it('ignores a clock that goes back', () => {
    const bucket = createTokenBucket(1000, 100, 1000)
    bucket.take(150)
    expect(bucket.waitMs(0)).toBe(50)
    expect(bucket.waitMs(1000)).toBe(50)
  })
})
