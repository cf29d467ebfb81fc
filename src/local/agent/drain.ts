/**
 * An agent that is drained: it kills its tasks, takes no new ones, and says why they end.
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

/** How a task is killed: its own grace period, unless the draining allows less. */
export function drainKillPolicy(
  { maxGracePeriod }: DrainConfig,
  { killPolicy }: TaskInfo,
): KillPolicy | undefined {
  if (maxGracePeriod === undefined) return undefined
  const own = killPolicy?.gracePeriod?.nanoseconds
  const isShorter = own !== undefined && Number(own) <= Number(maxGracePeriod.nanoseconds)
  return isShorter ? undefined : { gracePeriod: maxGracePeriod }
}

/** TASK_KILLING and TASK_KILLED get the draining as their reason, whatever they had. */
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

/** The update of a task that came too late to be started. */
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
