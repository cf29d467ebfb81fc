/** What a framework ships: its libraries and the executor's program, staged. */
import { join } from 'node:path'
import type { StagedBlob } from '../../server/blobs/blob.ts'
import { createLibraryStore } from '../../server/libraries/library-store.ts'
import type { LibraryStore, StagedLibraries } from '../../server/libraries/library-store.ts'
import { checkClassPath } from './class-path-check.ts'
import { assertFetchable } from './delivery.ts'
import { executorProgram, needsProgram } from './executor-program.ts'
import type { ReportProgress } from '../facts/events.ts'
import type { FrameworkSettings } from '../options/settings.ts'
import { withPackages } from './package-libraries.ts'

export interface Shipment {
  readonly libraries: StagedLibraries
  /** Absent where tasks are plain commands. */
  readonly program: StagedBlob | undefined
  /** Where they are staged, and what is added later. */
  readonly store: LibraryStore
  /** Removes the staged copies, unless they stand beside a journal. */
  remove(): Promise<void>
}

/**
 * Stages the libraries and the executor's program; undefined when there are no libraries.
 * Errors: those of resolving packages; those of the library store, naming the path; those of `checkClassPath`; the signal's reason once it is aborted.
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
    const inputs = await withPackages(settings, report, signal)
    const libraries = await store.stage(inputs, {
      ...(signal === undefined ? {} : { signal }),
      onProgress: (staging) => report?.({ type: 'library.staging', ...staging }),
      onPacked: (packed) => report?.({ type: 'library.packed', ...packed }),
    })
    if (settings.delivery === 'fetcher') assertFetchable(libraries.set.libraries)
    await checkClassPath(libraries, settings, report, signal)
    const program = path === undefined ? undefined : await store.stageFile(path)
    return { libraries, program, store, remove: () => store.remove() }
  } catch (error) {
    await store.remove()
    throw error
  }
}
