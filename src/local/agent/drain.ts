/**
 * Draining of an agent: its tasks are killed with REASON_AGENT_DRAINING, and new ones are refused.
 * Source: apache/mesos src/slave/slave.cpp (drain, _statusUpdate, updateDrainStatus).
 */
import type {
  DrainConfig,
  FrameworkInfo,
  KillPolicy,
  TaskInfo,
  TaskStatus,
} from '../../mesos/types.generated.ts'
import { hasCapability } from '../messages/framework-info.ts'
import { randomUuidBytes } from '../messages/uuid.ts'
import { nowSeconds } from '../time/now.ts'

/** The kill policy of a task: its own, or the draining's if that is shorter. */
export function drainKillPolicy(
  { maxGracePeriod }: DrainConfig,
  { killPolicy }: TaskInfo,
): KillPolicy | undefined {
  if (maxGracePeriod === undefined) return undefined
  const own = killPolicy?.gracePeriod?.nanoseconds
  const isShorter = own !== undefined && Number(own) <= Number(maxGracePeriod.nanoseconds)
  return isShorter ? undefined : { gracePeriod: maxGracePeriod }
}

/** Sets the reason of TASK_KILLING and TASK_KILLED to the draining. */
export function withDrainReason(
  config: DrainConfig | undefined,
  framework: FrameworkInfo | undefined,
  status: TaskStatus,
): TaskStatus {
  const { state } = status
  if (config === undefined || (state !== 'TASK_KILLING' && state !== 'TASK_KILLED')) return status
  const isGone =
    config.markGone === true &&
    framework !== undefined &&
    hasCapability(framework, 'PARTITION_AWARE')
  return {
    ...status,
    reason: 'REASON_AGENT_DRAINING',
    ...(isGone ? { state: 'TASK_GONE_BY_OPERATOR' as const } : {}),
  }
}

/** The status update of a task that arrived during draining. */
export function refusedWhileDraining(
  agentId: string,
  framework: FrameworkInfo,
  taskId: TaskInfo['taskId'],
): TaskStatus {
  return {
    taskId,
    state: hasCapability(framework, 'PARTITION_AWARE') ? 'TASK_DROPPED' : 'TASK_LOST',
    source: 'SOURCE_AGENT',
    reason: 'REASON_AGENT_DRAINING',
    message: 'Task was received while agent was already draining',
    agentId: { value: agentId },
    timestamp: nowSeconds(),
    uuid: randomUuidBytes(),
  }
}
