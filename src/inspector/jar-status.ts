/** What a jar server tells of itself, at `/status.json` and in this process. */
import type { ClientAt, LibrariesAt, LibraryAt, RelayAt } from './protocol/lens-views.ts'

export interface JarStatus {
  readonly url: string | null
  readonly setId: string | null
  readonly manifest: string | null
  readonly totals: {
    readonly requests: number
    readonly bytesServed: number
    readonly aborted: number
  }
  readonly hosts: readonly ClientAt[]
  readonly otherHosts: {
    readonly requests: number
    readonly bytesServed: number
    readonly hosts: number
    readonly isMore: boolean
  }
  readonly libraries: readonly {
    readonly name: string
    readonly kind: string
    readonly sha256: string
    readonly sizeBytes: number
    readonly path: string
    readonly requests: number
    readonly bytesServed: number
    readonly hostBytes: readonly number[]
  }[]
  readonly sets: readonly {
    readonly id: string
    readonly manifest: string
    readonly count: number
    readonly sizeBytes: number
  }[]
  readonly holders: Readonly<Record<string, readonly string[]>>
  readonly relays: readonly RelayAt[]
}

/** All that the server knows. Only the current set's libraries are listed. */
export function librariesOf(status: JarStatus): LibrariesAt {
  const { setId, sets, holders, relays } = status
  const listed = status.libraries.map(({ hostBytes, ...library }): LibraryAt => {
    return { ...library, hosts: holders[library.sha256] ?? [], clientBytes: hostBytes }
  })
  const names = [...new Set(Object.values(holders).flat())].toSorted()
  return {
    sets: sets.toReversed().map(({ id, manifest, count, sizeBytes }) => ({
      id,
      isCurrent: id === setId,
      tasks: 0,
      libraries: id === setId ? listed : [],
      whole: { count, sizeBytes },
      manifest,
    })),
    hosts: names.map((host) => ({ host })),
    conflicts: [],
    server: serverOf(status),
    relays,
  }
}

/** Adds what the server knows to what a journal tells of a moment. */
export function withServer(at: LibrariesAt, status: JarStatus): LibrariesAt {
  const known = new Map(status.libraries.map((library) => [keyOf(library), library]))
  const sets = at.sets.map((set) => ({
    ...set,
    libraries: set.libraries.map((library): LibraryAt => {
      const own = known.get(keyOf(library))
      if (own === undefined) return library
      const { requests, bytesServed, hostBytes } = own
      return { ...library, requests, bytesServed, clientBytes: hostBytes }
    }),
  }))
  return { ...at, sets, server: serverOf(status), relays: status.relays }
}

function serverOf(status: JarStatus): NonNullable<LibrariesAt['server']> {
  const { url, totals, hosts, otherHosts } = status
  return { url, ...totals, clients: hosts, others: otherHosts }
}

function keyOf({ sha256, name }: Pick<LibraryAt, 'sha256' | 'name'>): string {
  return `${sha256}/${name}`
}
