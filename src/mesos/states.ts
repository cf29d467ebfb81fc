import type { OperationState, TaskState } from './types.generated.ts'

/**
 * True for a terminal state. TASK_UNREACHABLE and TASK_UNKNOWN are not terminal: the task may come
 * back.
 * Source: apache/mesos src/common/protobuf_utils.cpp.
 */
export function isTerminal(state: TaskState): boolean {
  return terminalTaskStates.has(state)
}

/** True for a terminal state of an operation. */
export function isTerminalOperation(state: OperationState): boolean {
  return terminalOperationStates.has(state)
}

const terminalTaskStates: ReadonlySet<TaskState> = new Set([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_LOST',
  'TASK_ERROR',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
] as const)

const terminalOperationStates: ReadonlySet<OperationState> = new Set([
  'OPERATION_FINISHED',
  'OPERATION_FAILED',
  'OPERATION_ERROR',
  'OPERATION_DROPPED',
  'OPERATION_GONE_BY_OPERATOR',
] as const)
