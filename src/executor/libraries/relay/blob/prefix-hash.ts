/** Hashes a library while it arrives in stripes. */
import { createHash } from 'node:crypto'
import type { Run } from '../../../../domain/relay/stripes.ts'

export interface PrefixHash {
  /** Hashes the runs that now follow without a gap. */
  grow(countOf: (stripe: number) => number): void
  /** Undefined until all runs are hashed. */
  digest(): string | undefined
}

/**
 * `find` returns the bytes of a received run. If it has lost one before it is hashed, the digest
 * stays undefined.
 */
export function createPrefixHash(
  stripes: readonly (readonly Run[])[],
  find: (run: Run) => Buffer | undefined,
): PrefixHash {
  const hash = createHash('sha256')
  let [stripe, index] = [0, 0]

  return {
    grow(countOf) {
      // Runs are dealt out in turn: the next one is of the next stripe.
      for (;;) {
        const run = stripes[stripe]?.[index]
        const bytes = run && index < countOf(stripe) ? find(run) : undefined
        if (bytes === undefined) return
        hash.update(bytes)
        stripe = (stripe + 1) % stripes.length
        index += stripe === 0 ? 1 : 0
      }
    },
    digest() {
      return stripes[stripe]?.[index] === undefined ? hash.copy().digest('hex') : undefined
    },
  }
}
