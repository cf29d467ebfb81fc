/**
 * One function per call of the v1 executor API: plain data in, plain call out.
 * Source: apache/mesos docs/executor-http-api.md, "Calls";
 * include/mesos/v1/executor/executor.proto.
 */
import type {
  Base64,
  ExecutorCall,
  ExecutorCallUpdate,
  ExecutorID,
  FrameworkID,
  TaskInfo,
  TaskStatus,
} from './types.generated.ts'

/** The ids of every call: MESOS_FRAMEWORK_ID and MESOS_EXECUTOR_ID. */
export interface ExecutorIdentity {
  readonly frameworkId: string
  readonly executorId: string
}

export interface ResubscribeOptions {
  /** Launched tasks without an acknowledged update. */
  readonly unacknowledgedTasks?: readonly TaskInfo[]
  /** Unacknowledged updates, oldest first. */
  readonly unacknowledgedUpdates?: readonly ExecutorCallUpdate[]
}

/** SUBSCRIBE: opens the event stream. To subscribe again, it carries everything unacknowledged. */
export function subscribe(
  identity: ExecutorIdentity,
  options: ResubscribeOptions = {},
): ExecutorCall {
  return { type: 'SUBSCRIBE', ...idsOf(identity), subscribe: options }
}

/**
 * UPDATE: sends a status update. The agent requires `uuid` (16 bytes) and `source:
 * 'SOURCE_EXECUTOR'`.
 */
export function update(identity: ExecutorIdentity, status: TaskStatus): ExecutorCall {
  return { type: 'UPDATE', ...idsOf(identity), update: { status } }
}

/** MESSAGE: sends bytes to the scheduler, best effort. */
export function message(identity: ExecutorIdentity, data: Base64): ExecutorCall {
  return { type: 'MESSAGE', ...idsOf(identity), message: { data } }
}

/** HEARTBEAT: keeps the connection for calls alive. */
export function heartbeat(identity: ExecutorIdentity): ExecutorCall {
  return { type: 'HEARTBEAT', ...idsOf(identity) }
}

function idsOf({ frameworkId, executorId }: ExecutorIdentity): {
  readonly executorId: ExecutorID
  readonly frameworkId: FrameworkID
} {
  return { executorId: { value: executorId }, frameworkId: { value: frameworkId } }
}
