/** Status updates that the master makes itself: they have no uuid and are not acknowledged. */
import { defined } from '../../../defined.ts'
import type { TaskStatus } from '../../../mesos/types.generated.ts'
import { nowSeconds, optionalId } from '../../messages/ids.ts'

export function masterStatus(
  taskId: string,
  agentId: string | undefined,
  fields: Pick<TaskStatus, 'state' | 'message' | 'reason'> & Partial<TaskStatus>,
): TaskStatus {
  return {
    taskId: { value: taskId },
    source: 'SOURCE_MASTER',
    ...defined({ agentId: optionalId(agentId) }),
    timestamp: nowSeconds(),
    ...fields,
  }
}
