/**
 * One function per call of the v1 executor API: plain data in, plain call out.
 * Source: apache/mesos docs/executor-http-api.md, "Calls"; include/mesos/v1/executor/executor.proto.
 */
import type { Base64, ExecutorCall, ExecutorCallUpdate, ExecutorID, FrameworkID, TaskInfo, TaskStatus } from './types.generated.ts'

/** Who is calling: from MESOS_FRAMEWORK_ID and MESOS_EXECUTOR_ID. Every call carries both. */
export interface ExecutorIdentity {
  readonly frameworkId: string
  readonly executorId: string
}

export interface ResubscribeOptions {
  /** Launched tasks none of whose updates was acknowledged yet. */
  readonly unacknowledgedTasks?: readonly TaskInfo[]
  /** Updates sent and not yet acknowledged, oldest first. */
  readonly unacknowledgedUpdates?: readonly ExecutorCallUpdate[]
}

/** SUBSCRIBE: opens the event stream; when it opens again, with what the agent has not acknowledged. */
export function subscribe(
  identity: ExecutorIdentity,
  options: ResubscribeOptions = {},
): ExecutorCall {
  return { type: 'SUBSCRIBE', ...idsOf(identity), subscribe: options }
}

/** UPDATE: one step of a task. The agent needs `uuid` (16 bytes) and `source: 'SOURCE_EXECUTOR'` in it. */
export function update(identity: ExecutorIdentity, status: TaskStatus): ExecutorCall {
  return { type: 'UPDATE', ...idsOf(identity), update: { status } }
}

/** MESSAGE: bytes for the scheduler, best effort. */
export function message(identity: ExecutorIdentity, data: Base64): ExecutorCall {
  return { type: 'MESSAGE', ...idsOf(identity), message: { data } }
}

/** HEARTBEAT: keeps the connection of the calls alive. */
export function heartbeat(identity: ExecutorIdentity): ExecutorCall {
  return { type: 'HEARTBEAT', ...idsOf(identity) }
}

function idsOf({ frameworkId, executorId }: ExecutorIdentity): {
  readonly executorId: ExecutorID
  readonly frameworkId: FrameworkID
} {
  return { executorId: { value: executorId }, frameworkId: { value: frameworkId } }
}
