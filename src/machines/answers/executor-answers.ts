/** The events that answer the effects of the executor's machines. */
import { makeAnswers } from '../../effects/answer.ts'
import type { AnswersTo } from '../../effects/answer.ts'
import type { LibraryFetch } from '../downloader/events.ts'
import type { executorMachine } from '../executor/executor.ts'

const { done, failed } = makeAnswers<typeof executorMachine>()

/** By kind of effect. */
export const executorAnswers: AnswersTo<typeof executorMachine> = {
  'fx.subscribe': [done('agent.subscribed'), failed('agent.lost')],
  'fx.report': [
    done('update.stamped', 'of the task and state', ({ taskId, state }, { update }) => {
      return update.taskId === taskId && update.state === state
    }),
  ],
  'fx.sendUpdate': [
    done('update.acknowledged', 'of the update', ({ update }, { uuid }) => uuid === update.uuid),
  ],
  'fx.fetchManifest': [
    done('manifest.fetched', 'of the set', isOfSet),
    failed('manifest.failed', 'of the set', isOfSet),
  ],
  'fx.fetchLibrary': [
    done('library.fetched', 'of the library in the set', isOfLibrary),
    failed('library.failed', 'of the library in the set', isOfLibrary),
  ],
  'fx.installSet': [
    done('set.installed', 'of the set', isOfSet),
    failed('set.failed', 'of the set', isOfSet),
  ],
  'fx.startHost': [
    done('host.started', 'of the task', isOfTask),
    failed('host.exited', 'of the task', isOfTask),
  ],
  'fx.killHost': [done('host.exited', 'of the task', isOfTask)],
  'fx.startProbes': [
    done('health.checked', 'of the task', isOfTask),
    done('check.changed', 'of the task', isOfTask),
  ],
  'fx.stopProbes': [],
  'fx.cancelFetches': [],
  'fx.releaseSet': [],
  'fx.message': [],
  // The process ends.
  'fx.exit': [],
}

function isOfSet(
  { setId }: { readonly setId: string },
  event: { readonly setId: string },
): boolean {
  return event.setId === setId
}

function isOfLibrary(
  { setId, library }: LibraryFetch,
  event: { readonly setId: string; readonly name: string },
): boolean {
  return event.setId === setId && event.name === library.name
}

function isOfTask(
  { taskId }: { readonly taskId: string },
  event: { readonly taskId: string },
): boolean {
  return event.taskId === taskId
}
