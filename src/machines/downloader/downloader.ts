/**
 * Brings one library set onto the host: fetches the manifest, then several libraries at a time,
 * then installs the set. A corrupted library is reported and fetched again. A library that cannot
 * be fetched fails the set.
 */
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import type { ManifestFetch, SetInstallation } from './events.ts'
import { emptyPlan } from './fetch-plan.ts'
import { downloaderSetup } from './setup.ts'
import type { DownloaderContext } from './setup.ts'

interface Args {
  readonly context: DownloaderContext
}

export const downloaderMachine = downloaderSetup.createMachine({
  id: 'downloader',
  context: ({ input }) => ({
    ...input,
    manifestAttempts: 0,
    entries: [],
    plan: emptyPlan,
    output: { setId: input.setId, code: 'LIBRARY_UNAVAILABLE', message: 'not fetched' },
  }),
  initial: 'fetchingManifest',
  states: {
    fetchingManifest: {
      description: 'The list of libraries is being fetched.',
      entry: ['countManifestAttempt', { type: 'fx.fetchManifest', params: manifestFetch }],
      on: {
        'manifest.fetched': { target: 'fetchingLibraries', actions: 'planLibraries' },
        'manifest.failed': [
          { guard: 'canRetryManifest', target: 'backingOff' },
          { target: 'failed', actions: 'keepFailure' },
        ],
      },
    },
    backingOff: {
      description: 'Waits before it fetches the list again.',
      after: { manifestRetryDelay: 'fetchingManifest' },
    },
    fetchingLibraries: {
      description: 'Several libraries at a time are being fetched; the plan says which.',
      entry: 'fetchMore',
      exit: { type: 'fx.cancelFetches', params: ownSet },
      always: { guard: 'hasAll', target: 'installing' },
      // Each action changes the plan; `fetchMore` comes last and starts what the plan then allows.
      on: {
        'library.fetched': { actions: ['endFetch', 'fetchMore'] },
        'library.failed': [
          { guard: 'canRetryLibrary', actions: ['reportCorruption', 'backOff', 'fetchMore'] },
          { target: 'failed', actions: ['reportCorruption', 'keepFailure'] },
        ],
        'library.due': { actions: ['retryFetch', 'fetchMore'] },
        'library.expired': { target: 'failed', actions: 'keepFailure' },
        'source.due': { actions: ['resumeSource', 'fetchMore'] },
      },
    },
    installing: {
      description: 'The set is being put into the sandbox.',
      entry: { type: 'fx.installSet', params: installation },
      on: {
        'set.installed': { target: 'ready', actions: 'keepInstalled' },
        'set.failed': { target: 'failed', actions: 'keepFailure' },
      },
    },
    ready: { type: 'final', description: 'The set is installed.' },
    failed: { type: 'final', description: 'The set cannot be fetched or installed.' },
  },
  output: ({ context }) => context.output,
})

export type DownloaderSnapshot = SnapshotFrom<typeof downloaderMachine>
export type DownloaderRef = ActorRefFrom<typeof downloaderMachine>

function manifestFetch({ context }: Args): ManifestFetch {
  const { setId, source, manifestAttempts: attempt } = context
  return { setId, source, attempt }
}

function installation({ context }: Args): SetInstallation {
  return { setId: context.setId, entries: context.entries }
}

function ownSet({ context }: Args): { setId: string } {
  return { setId: context.setId }
}
