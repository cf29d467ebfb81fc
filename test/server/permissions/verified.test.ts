import { describe, expect, it } from 'vitest'
import { createVerified } from '../../../src/server/permissions/verified.ts'

describe('createVerified', () => {
  it('finds what was added, and nothing else', () => {
    const verified = createVerified<number>()
    verified.add('a', 1)
    expect([verified.find('a'), verified.find('b')]).toEqual([1, undefined])
  })

  it('forgets the oldest of more than 4,096', () => {
    const verified = createVerified<number>()
    for (let index = 0; index <= 4096; index += 1) verified.add(`${index}`, index)
    expect([verified.find('0'), verified.find('1'), verified.find('4096')]).toEqual([
      undefined,
      1,
      4096,
    ])
  })
})
