/** Status updates by the master itself: without uuid, so not to be acknowledged. */
import { defined } from '../../../defined.ts'
import { toOptionalId } from '../../../mesos/id-messages.ts'
import type { TaskStatus } from '../../../mesos/types.generated.ts'
import { nowSeconds } from '../../time/now.ts'

export function masterStatus(
  taskId: string,
  agentId: string | undefined,
  fields: Pick<TaskStatus, 'state' | 'message' | 'reason'> & Partial<TaskStatus>,
): TaskStatus {
  return {
    taskId: { value: taskId },
    source: 'SOURCE_MASTER',
    ...defined({ agentId: toOptionalId(agentId) }),
    timestamp: nowSeconds(),
    ...fields,
  }
}
