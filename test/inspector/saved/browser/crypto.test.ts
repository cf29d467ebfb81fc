import { createHash as createNodeHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHash } from '../../../../src/inspector/saved/browser/crypto.ts'
import { sha256 } from '../../../../src/inspector/saved/browser/sha256.ts'

describe('createHash', () => {
  it('gives the digests of Node', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string(), (one, other) => {
        const theirs = createNodeHash('sha256').update(one).update(other).digest('hex')
        expect(createHash('sha256').update(one).update(other).digest('hex')).toBe(theirs)
      }),
    )
  })

  it('gives them for each length around a block', () => {
    for (const length of [0, 54, 55, 56, 63, 64, 65, 119, 120, 128, 100_000]) {
      const bytes = new Uint8Array(length).fill(0xa5)
      const theirs = createNodeHash('sha256').update(bytes).digest()
      expect(Buffer.from(sha256(bytes))).toEqual(theirs)
    }
  })
})
