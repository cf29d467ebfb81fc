/** The keys that tasks brought for their library sets. They are kept in memory only. */
import { authorizeSet } from '../../../domain/libraries/library-access.ts'
import type {
  Authorize,
  LibraryAccess,
  SignedRequest,
} from '../../../domain/libraries/library-access.ts'

export interface SetAccess {
  /** Keeps the keys of a task. Later keys for a set replace earlier ones. */
  keep(setId: string, access: LibraryAccess): void
  /** Signs requests for a set; the signature is undefined without a key. */
  of(setId: string): Authorize
  /** Keys for requests between executors. */
  readonly relayKeys: RelayKeys
}

export interface RelayKeys {
  /** True if the jar server requires no key. */
  isOpen(): boolean
  /** The key of a library; undefined if this executor has no access to it. */
  of(sha256: string): string | undefined
}

/** Maximum number of sets whose keys are kept. */
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
