/**
 * What this executor may ask for: the keys that its tasks came with. They are held in memory, and
 * nowhere else.
 */
import { authorizeSet } from '../../../domain/libraries/library-access.ts'
import type {
  Authorize,
  LibraryAccess,
  SignedRequest,
} from '../../../domain/libraries/library-access.ts'

export interface SetAccess {
  /** Takes what came with a task; the latest of a set counts. */
  keep(setId: string, access: LibraryAccess): void
  /** Signs requests for a set; undefined while nothing came for it. */
  of(setId: string): Authorize
  /** What executors ask each other with. */
  readonly relayKeys: RelayKeys
}

export interface RelayKeys {
  /** True if the jar server requires no key. */
  isOpen(): boolean
  /** Of a library; undefined for one that this executor may not have. */
  of(sha256: string): string | undefined
}

/** Sets remembered: an executor may see many, and needs those of its latest tasks. */
const maxSets = 100

export function createSetAccess(): SetAccess {
  const sets = new Map<string, LibraryAccess>()
  return {
    keep(setId, access) {
      sets.delete(setId)
      sets.set(setId, access)
      for (const oldest of [...sets.keys()].slice(0, -maxSets)) sets.delete(oldest)
    },
    of(setId) {
      const authorize = (request: SignedRequest): string | undefined => {
        const access = sets.get(setId)
        return access && authorizeSet(setId, access, request)
      }
      return Object.assign(authorize, { ca: sets.get(setId)?.ca })
    },
    relayKeys: {
      isOpen: () => sets.size === 0,
      of(sha256) {
        for (const { relayKeys } of sets.values()) {
          if (relayKeys[sha256] !== undefined) return relayKeys[sha256]
        }
        return undefined
      },
    },
  }
}
