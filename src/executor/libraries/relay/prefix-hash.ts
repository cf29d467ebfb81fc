/** The digest of a library that comes in stripes, worked out while it comes. */
import { createHash } from 'node:crypto'
import type { Run } from '../../../domain/relay/stripes.ts'

export interface PrefixHash {
  /** Takes in what is there now without a gap from the first byte on. */
  grow(countOf: (stripe: number) => number): void
  /** Undefined until all was taken in. */
  digest(): string | undefined
}

/** `find` gives the bytes of a run that is there; once it does not have one any more, there will be no digest. */
export function createPrefixHash(
  stripes: readonly (readonly Run[])[],
  find: (run: Run) => Buffer | undefined,
): PrefixHash {
  const hash = createHash('sha256')
  let [stripe, index] = [0, 0]

  return {
    grow(countOf) {
      // Runs are dealt out in turn.
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
