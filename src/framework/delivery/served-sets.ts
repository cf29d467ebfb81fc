/** The library sets that a jar server serves, and the addresses of the current one. */
import { createHash } from 'node:crypto'
import { withoutMac } from '../../domain/libraries/signed-path.ts'
import { valuesOf } from '../../domain/persistent-map.ts'
import { currentSet } from '../../machines/scheduler/delivery/set-table.ts'
import type { SetTable } from '../../machines/scheduler/delivery/set-table.ts'
import type { JarServer } from '../../server/jar-server.ts'
import type { StagedBlob } from '../../server/blobs/blob.ts'
import type { StagedLibraries } from '../../server/libraries/library-store.ts'
import type { ShippedLibraries } from './delivery.ts'
import type { Shipment } from './shipment.ts'

/** The staged set, or those of the table: also sets of an earlier process, the current one last. */
export async function servedSets(
  { libraries, store }: Shipment,
  table: SetTable | undefined,
): Promise<readonly StagedLibraries[]> {
  const current = table && currentSet(table)
  if (table === undefined || current === undefined) return [libraries]
  const older = Array.from(valuesOf(table.sets)).filter(({ id }) => id !== current.id)
  const served: StagedLibraries[] = []
  for (const set of [...older, current]) served.push(await store.restore(set))
  return served
}

/** Digests of all files that are served with these sets. */
export function digestsOf(
  { program }: Shipment,
  sets: readonly StagedLibraries[],
): ReadonlySet<string> {
  const blobs = [
    ...sets.flatMap((set) => [...set.blobs, ...set.chunkLists]),
    ...(program === undefined ? [] : [program]),
  ]
  return new Set(blobs.map(({ sha256 }) => sha256))
}

export function shippedBy(
  server: JarServer,
  { program }: Shipment,
  { set: { id, libraries: list } }: StagedLibraries,
): ShippedLibraries {
  // The journal has these addresses, so permissions are added only when a call is sent.
  const plainUri = (file: Pick<StagedBlob, 'name' | 'sha256'>): string =>
    withoutMac(server.uriOf(file))
  return {
    ...(program && { program: { uri: plainUri(program), sha256: program.sha256 } }),
    libraries: list.map(({ name, kind, sha256 }) => ({
      name,
      kind,
      sha256,
      uri: plainUri({ name, sha256 }),
    })),
    manifestUri: withoutMac(server.manifestUri ?? server.url),
    librarySetId: id,
    seedUris: withoutMac(server.seedUris()),
    permission: createHash('sha256').update(server.seedUris()).digest('hex').slice(0, 16),
  }
}
