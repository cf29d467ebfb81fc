/** Events of the connection to the master that several components act on. */
import type { SchedulerCall, SchedulerEventFailure } from '../../../mesos/types.generated.ts'

/** The process restarted: its connections and servers are gone; the journal was read. */
export interface ProcessRestarted {
  readonly type: 'process.restarted'
}

/** The master answered SUBSCRIBE. */
export interface MesosSubscribed {
  readonly type: 'mesos.subscribed'
  readonly frameworkId: string
  /** Address of the master that answered, as a URL. */
  readonly master?: string
}

/** The event stream ended, or SUBSCRIBE failed. */
export interface ConnectionLost {
  readonly type: 'connection.lost'
  readonly code: string
  readonly message: string
  /** False when another SUBSCRIBE cannot succeed: the master refused this framework. */
  readonly retryable: boolean
}

/** The ERROR event: the framework was removed, failed over to another instance, or is invalid. */
export interface MesosError {
  readonly type: 'mesos.error'
  readonly message: string
}

/** The FAILURE event: an executor ended, or an agent was removed (no `executorId`). */
export type MesosFailure = { readonly type: 'mesos.failure' } & SchedulerEventFailure

/** A call was refused, or got no answer. */
export interface CallFailed {
  readonly type: 'call.failed'
  readonly call: SchedulerCall['type']
  /** Launches in an ACCEPT. */
  readonly launchIds: readonly string[]
  /** Offers of an ACCEPT. */
  readonly offerIds?: readonly string[]
  /** Operations in an ACCEPT. */
  readonly operationIds?: readonly string[]
  /** Error code of jarcast. */
  readonly code?: string
  /**
   * `refused`: the master will never take it. `unsent`: the master did not receive it.
   * `unknown`: the master may have taken it.
   */
  readonly outcome: 'refused' | 'unsent' | 'unknown'
  readonly message: string
}

/** Why the framework, or something of it, ended: an error code of jarcast, and a message. */
export interface Failure {
  readonly code: string
  readonly message: string
}

/** `FRAMEWORK_STOPPED`. */
export function stopped(message: string): Failure {
  return { code: 'FRAMEWORK_STOPPED', message }
}

/** True when the call failed because another instance of the framework has subscribed. */
export function isTakenOver({ code, outcome }: CallFailed): boolean {
  return outcome === 'refused' && (code === 'FRAMEWORK_FAILED_OVER' || code === 'NOT_SUBSCRIBED')
}
