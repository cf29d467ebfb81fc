/** Messages of executors as progress. */
import { parseExecutorMessage } from '../../domain/tasks/executor-message.ts'
import type { SchedulerEventMessage } from '../../mesos/types.generated.ts'
import type { FrameworkProgress } from './events.ts'

/** A message of jarcast's executor by its own type, any other message as `executor.message`. */
export function progressOf(message: SchedulerEventMessage): FrameworkProgress {
  const { data } = message
  const agentId = message.agentId.value
  const known = parseExecutorMessage(Buffer.from(data, 'base64').toString())
  if (known !== undefined) return { ...known, agentId }
  return { type: 'executor.message', agentId, executorId: message.executorId.value, data }
}
