/** Performs the effects of the executor's machines: each becomes a stream of events. */
import { mergeMap } from 'rxjs'
import type { ObservableInput, OperatorFunction } from 'rxjs'
import type { ExecutorMessage } from '../domain/tasks/executor-message.ts'
import type { Effect } from '../journal/core/outbox.ts'
import type { LibraryFetch, ManifestFetch, SetInstallation } from '../machines/downloader/events.ts'
import type {
  ExecutorMachineEvent,
  Shutdown,
  StampedUpdate,
  Subscription,
} from '../machines/executor/events.ts'
import type { HostKill, HostStart, ProbesStart } from '../machines/task-run/events.ts'
import type { RunReport } from '../machines/task-run/run-report.ts'

/** Params of each effect, by name. */
export interface ExecutorEffects {
  readonly 'fx.subscribe': Subscription
  readonly 'fx.sendUpdate': { readonly update: StampedUpdate }
  readonly 'fx.report': RunReport
  readonly 'fx.message': { readonly message: ExecutorMessage }
  readonly 'fx.fetchManifest': ManifestFetch
  readonly 'fx.fetchLibrary': LibraryFetch
  readonly 'fx.installSet': SetInstallation
  readonly 'fx.cancelFetches': { readonly setId: string }
  readonly 'fx.releaseSet': { readonly setId: string }
  readonly 'fx.startHost': HostStart
  readonly 'fx.killHost': HostKill
  readonly 'fx.startProbes': ProbesStart
  readonly 'fx.stopProbes': { readonly taskId: string }
  readonly 'fx.exit': Shutdown
}

/** How each effect is performed; events of the returned stream go to the machine. */
export type Performers = {
  readonly [Type in keyof ExecutorEffects]: (
    params: ExecutorEffects[Type],
  ) => ObservableInput<ExecutorMachineEvent>
}

/**
 * Performs effects in order; their streams run side by side.
 *
 * Next: the events of all streams. Error: of a stream, or for an effect that has no performer.
 * Complete: when the source and all streams have completed.
 */
export function performEffects(
  performers: Performers,
): OperatorFunction<Pick<Effect, 'type' | 'params'>, ExecutorMachineEvent> {
  return mergeMap(({ type, params }) => {
    if (!isKnown(performers, type)) throw new Error(`nothing performs the effect ${type}`)
    return performers[type](params as never)
  })
}

function isKnown(performers: Performers, type: string): type is keyof Performers {
  return Object.hasOwn(performers, type)
}
