/** What an inspector may see of a framework, which its user does not. */
import type { LiveSource } from '../../inspector/replay-app/run/live-run.ts'
import type { SchedulerInput } from '../../machines/scheduler/input.ts'
import type { schedulerMachine } from '../../machines/scheduler/scheduler.ts'
import type { TlsOptions } from '../../client/http/tls.ts'
import type { Credentials } from '../../client/http/credentials.ts'
import type { TaskFact } from '../facts/events.ts'

/** A run that has begun, or is about to. */
export interface WatchableRun {
  readonly source: LiveSource<typeof schedulerMachine>
  readonly input: SchedulerInput
  /** Ms since the epoch. */
  readonly startedAt: number
  /** Folder of its journal; undefined if it keeps none. */
  readonly journal: string | undefined
  /** Undefined before the first connection. */
  readonly masterUrl: () => string | undefined
  /** The last fact about a task that follows from the snapshot. */
  readonly lastFactOf: (taskId: string) => TaskFact | undefined
}

export interface Watchable {
  readonly name: string
  readonly credentials: Credentials | undefined
  readonly tls: TlsOptions | undefined
  /**
   * Calls the listener before the run begins, or at once if it has begun. Returns how to end that.
   */
  onRun(listener: (run: WatchableRun) => void): () => void
}

const known = new WeakMap<object, Watchable>()

/** Makes a framework known to inspectors. */
export function makeWatchable(framework: object, watchable: Watchable): void {
  known.set(framework, watchable)
}

export function findWatchable(framework: object): Watchable | undefined {
  return known.get(framework)
}
