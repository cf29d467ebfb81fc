/** What each host has. */
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
  const held = new Map<string, LibraryAt[]>()
  for (const library of libraries.values())
    for (const host of library.hosts) held.set(host, [...(held.get(host) ?? []), library])
  return hosts.map(({ host, from, bytes = 0, relayedBytes = 0, cachedBytes = 0 }) => {
    const own = held.get(host) ?? []
    return {
      host,
      libraries: own.length,
      bytes: own.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      from,
      served: bytes,
      relayed: relayedBytes,
      cached: cachedBytes,
    }
  })
}

export function bytesOf(libraries: readonly LibraryAt[]): number {
  return libraries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}
