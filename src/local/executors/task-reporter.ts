/**
 * Status updates of one task, by an executor inside this process.
 * Source: apache/mesos src/launcher/executor.cpp and default_executor.cpp (createTaskStatus,
 * taskCheckUpdated).
 */
import { defined } from '../../defined.ts'
import type {
  CheckStatusInfo,
  TaskInfo,
  TaskState,
  TaskStatus,
} from '../../mesos/types.generated.ts'
import { randomUuidBytes } from '../messages/uuid.ts'
import { nowSeconds } from '../time/now.ts'
import { emptyCheckStatus } from './checks/task-checks.ts'

export interface TaskReporter {
  tell(state: TaskState, fields?: Partial<TaskStatus>): void
  /** Resends the last status with the result of a check. */
  tellCheck(checkStatus: CheckStatusInfo): void
  /** Resends the last status with the result of a health check. */
  tellHealth(healthy: boolean): void
}

export function createTaskReporter(
  { check, taskId }: TaskInfo,
  send: (status: TaskStatus) => void,
): TaskReporter {
  let last: TaskStatus | undefined

  function forward(status: TaskStatus): void {
    last = status
    send(status)
  }

  function repeat(fields: Partial<TaskStatus>): void {
    if (last === undefined) return
    forward({ ...last, uuid: randomUuidBytes(), timestamp: nowSeconds(), ...fields })
  }

  return {
    tell: (state, fields = {}) =>
      forward({
        taskId,
        state,
        source: 'SOURCE_EXECUTOR',
        timestamp: nowSeconds(),
        uuid: randomUuidBytes(),
        ...defined({ checkStatus: check && emptyCheckStatus(check) }),
        ...fields,
      }),
    tellCheck: (checkStatus) => repeat({ reason: 'REASON_TASK_CHECK_STATUS_UPDATED', checkStatus }),
    tellHealth: (healthy) => repeat({ reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED', healthy }),
  }
}
