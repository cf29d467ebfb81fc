/** The staged libraries of a framework, and the executor's program. */
import { join } from 'node:path'
import { defined } from '../../defined.ts'
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
  /** Absent if tasks are plain commands. */
  readonly program: StagedBlob | undefined
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
    const inputs = await withPackages(settings, report, signal)
    const libraries = await store.stage(inputs, {
      ...defined({ signal }),
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
