/** The staged libraries of a framework, the sets that it serves, and the executor's program. */
import { join } from 'node:path'
import { defined } from '../../defined.ts'
import { valuesOf } from '../../domain/persistent-map.ts'
import { currentSet } from '../../machines/scheduler/delivery/set-table.ts'
import type { SetTable } from '../../machines/scheduler/delivery/set-table.ts'
import type { StagedBlob } from '../../server/blobs/blob.ts'
import { createLibraryStore } from '../../server/libraries/library-store.ts'
import type { LibraryStore, StagedLibraries } from '../../server/libraries/library-store.ts'
import { checkClassPath } from './class-path-check.ts'
import { assertFetchable } from './delivery.ts'
import { executorProgram, needsProgram } from './executor-program.ts'
import type { ReportProgress } from '../facts/events.ts'
import type { FrameworkSettings } from '../options/settings.ts'
import { withPackages } from './package-libraries.ts'
import { findJres } from '../runtime/runtime-archives.ts'
import { nodeArchivesFor } from '../runtime/node-archives.ts'
import type { NodeArchive } from '../runtime/node-archives.ts'

export interface Shipment {
  readonly libraries: StagedLibraries
  /** Absent if tasks are plain commands. */
  readonly program: StagedBlob | undefined
  /** For agents without a Node.js: fetched and staged when the first of them is met. */
  readonly nodes: readonly NodeArchive[]
  /** For libraries that are added later, too. */
  readonly store: LibraryStore
  /** Removes the staged copies, unless they are beside a journal. */
  remove(): Promise<void>
}

/**
 * Stages the libraries and the executor's program; undefined without libraries. Errors: those of
 * `resolvePackages`, of the library store, with the path, and of `checkClassPath`; the signal's
 * reason.
 */
export async function prepareShipment(
  settings: FrameworkSettings,
  report?: ReportProgress,
  signal?: AbortSignal,
): Promise<Shipment | undefined> {
  if (settings.libraries.length === 0) return undefined
  const path = needsProgram(settings) ? executorProgram(settings.executor) : undefined
  const store = await createLibraryStore(settings.journal && join(settings.journal, 'libraries'))
  try {
    const packages = await withPackages(settings, report, signal)
    const inputs = [...packages, ...(await findJres(settings, report, signal))]
    const libraries = await store.stage(inputs, {
      ...defined({ signal }),
      onProgress: (staging) => report?.({ type: 'library.staging', ...staging }),
      onPacked: (packed) => report?.({ type: 'library.packed', ...packed }),
    })
    if (settings.delivery === 'fetcher') assertFetchable(libraries.set.libraries)
    await checkClassPath(libraries, settings, report, signal)
    const program = path === undefined ? undefined : await store.stageFile(path)
    const nodes = await nodeArchivesFor(settings, report, signal)
    return { libraries, program, nodes, store, remove: () => store.remove() }
  } catch (error) {
    await store.remove()
    throw error
  }
}

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
