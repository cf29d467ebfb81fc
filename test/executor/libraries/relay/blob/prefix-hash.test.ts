import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Run } from '../../../../../src/domain/relay/stripes.ts'
import { createPrefixHash } from '../../../../../src/executor/libraries/relay/blob/prefix-hash.ts'

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** Runs of one byte each, dealt out in turn. */
function deal(bytes: Buffer): readonly (readonly Run[])[] {
  const stripes: Run[][] = [[], [], [], []]
  for (const offset of bytes.keys()) stripes[offset % 4]?.push({ offset, sizeBytes: 1, chunks: [] })
  return stripes
}

const find =
  (bytes: Buffer) =>
  ({ offset }: Run): Buffer =>
    bytes.subarray(offset, offset + 1)

describe('createPrefixHash', () => {
  it('gives the digest of all, for any order of the stripes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.infiniteStream(fc.nat(3)),
        (array, turns) => {
          const bytes = Buffer.from(array)
          const stripes = deal(bytes)
          const counts = [0, 0, 0, 0]
          const prefix = createPrefixHash(stripes, find(bytes))
          const countOf = (stripe: number): number => counts[stripe] ?? 0
          for (let came = 0; came < bytes.length; came += 1) {
            expect(prefix.digest()).toBeUndefined()
            const first = turns.next().value as number
            const stripe = [0, 1, 2, 3]
              .map((turn) => (first + turn) % 4)
              .find((each) => countOf(each) < (stripes[each]?.length ?? 0))
            counts[stripe ?? 0] = countOf(stripe ?? 0) + 1
            prefix.grow(countOf)
          }
          expect(prefix.digest()).toBe(digestOf(bytes))
        },
      ),
    )
  })

  it('returns no digest if a run is lost', () => {
    const stripes = deal(Buffer.from('abcdefgh'))
    const prefix = createPrefixHash(stripes, (run) =>
      run.offset === 5 ? undefined : find(Buffer.from('abcdefgh'))(run),
    )
    prefix.grow(() => 2)
    expect(prefix.digest()).toBeUndefined()
  })
})
