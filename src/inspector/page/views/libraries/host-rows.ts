/** What each host has. */
import { groupBy } from '../../../../group-by.ts'
import type { LibrariesAt, LibraryAt } from '../../../protocol/lens-views.ts'

export interface HostRow {
  readonly host: string
  readonly libraries: number
  readonly bytes: number
  readonly from: string | undefined
  readonly served: number
  readonly relayed: number
  readonly cached: number
}

export function hostRows({ sets, hosts }: LibrariesAt): readonly HostRow[] {
  const libraries = new Map(sets.flatMap((set) => set.libraries.map((each) => [each.sha256, each])))
  const copies = [...libraries.values()].flatMap((library) =>
    library.hosts.map((host) => ({ host, library })),
  )
  const held = groupBy(copies, ({ host }) => host)
  return hosts.map(({ host, from, bytes = 0, relayedBytes = 0, cachedBytes = 0 }) => {
    const own = (held.get(host) ?? []).map(({ library }) => library)
    return {
      host,
      libraries: own.length,
      bytes: bytesOf(own),
      from,
      served: bytes,
      relayed: relayedBytes,
      cached: cachedBytes,
    }
  })
}

const colours = 8

/** Class with the colour of the jar server's client at an index. */
export function clientColour(index: number): string {
  return `host-${index % colours}`
}

export function bytesOf(libraries: readonly LibraryAt[]): number {
  return libraries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}
