/**
 * Operations on an agent. Performs each once, then sends its status until it is acknowledged: again
 * after 10 s, then with exponential back-off up to 10 min. Operations without id are sent once. An
 * operation on an agent's own resources has one status: it is finished at once.
 * Source: apache/mesos src/slave/slave.cpp (applyOperation),
 * src/status_update_manager/operation.cpp.
 */
import { messageOf } from '../../errors.ts'
import type { Base64, OperationStatus } from '../../mesos/types.generated.ts'
import { randomUuidBytes } from '../messages/uuid.ts'
import type { AppliedOperation, OperationUpdate } from '../network/links.ts'
import type { AgentResources } from './agent-resources.ts'

export interface AgentOperationsOptions {
  readonly agentId: string
  readonly resources: AgentResources
  /** First delay before a status is sent again, in ms. Maximum: 60 times it. */
  readonly retryMs: number
  readonly forward: (frameworkId: string, agentId: string, update: OperationUpdate) => void
}

export interface AgentOperations {
  /** Ignores an operation that was applied before. */
  apply(frameworkId: string, applied: AppliedOperation): void
  acknowledge(operationUuid: Base64, statusUuid: Base64): void
  /** Sends all statuses of a framework that subscribed again. */
  resend(frameworkId: string): void
  /** Keeps statuses until `resume`, while there is no master. */
  pause(): void
  /** Sends all statuses. */
  resume(): void
  dropFramework(frameworkId: string): void
  close(): void
}

interface Pending {
  readonly frameworkId: string
  readonly update: OperationUpdate
  timer: NodeJS.Timeout | undefined
}

const longestRetryFactor = 60
/** Enough to recognise operations that a master sends again. */
const maxRemembered = 1000

export function createAgentOperations(options: AgentOperationsOptions): AgentOperations {
  const { agentId, forward, resources, retryMs } = options
  const pending = new Map<Base64, Pending>()
  const applied = new Set<Base64>()
  let isPaused = false

  function send(each: Pending, waitMs: number): void {
    clearTimeout(each.timer)
    if (isPaused) return
    const nextMs = Math.min(waitMs * 2, retryMs * longestRetryFactor)
    each.timer = setTimeout(() => send(each, nextMs), waitMs)
    forward(each.frameworkId, agentId, each.update)
  }

  function drop(isDropped: (each: Pending) => boolean): void {
    for (const [uuid, each] of pending) {
      if (!isDropped(each)) continue
      clearTimeout(each.timer)
      pending.delete(uuid)
    }
  }

  function remember(uuid: Base64): boolean {
    if (applied.has(uuid)) return false
    applied.add(uuid)
    const [oldest] = applied
    if (applied.size > maxRemembered && oldest !== undefined) applied.delete(oldest)
    return true
  }

  async function perform(frameworkId: string, asked: AppliedOperation): Promise<void> {
    const { operation, uuid } = asked
    const update = { uuid, operation, status: statusOf(agentId, asked, await outcomeOf(asked)) }
    if (operation.id === undefined) {
      forward(frameworkId, agentId, update)
      return
    }
    const each: Pending = { frameworkId, update, timer: undefined }
    pending.set(uuid, each)
    send(each, retryMs)
  }

  function outcomeOf({ conversions }: AppliedOperation): Promise<Outcome> {
    return resources.apply(conversions).then(
      () => ({ state: 'OPERATION_FINISHED' }),
      (error: unknown) => ({
        state: 'OPERATION_FAILED',
        message: messageOf(error),
      }),
    )
  }

  return {
    apply(frameworkId, asked) {
      if (remember(asked.uuid)) void perform(frameworkId, asked)
    },
    acknowledge(uuid, statusUuid) {
      const each = pending.get(uuid)
      if (each?.update.status.uuid?.value !== statusUuid) return
      clearTimeout(each.timer)
      pending.delete(uuid)
    },
    resend(frameworkId) {
      for (const each of pending.values()) {
        if (each.frameworkId === frameworkId) send(each, retryMs)
      }
    },
    pause() {
      isPaused = true
      for (const { timer } of pending.values()) clearTimeout(timer)
    },
    resume() {
      isPaused = false
      for (const each of pending.values()) send(each, retryMs)
    },
    dropFramework: (frameworkId) => drop((each) => each.frameworkId === frameworkId),
    close: () => drop(() => true),
  }
}

type Outcome = Pick<OperationStatus, 'state' | 'message'>

function statusOf(
  agentId: string,
  { operation }: AppliedOperation,
  outcome: Outcome,
): OperationStatus {
  const status = { ...outcome, agentId: { value: agentId } }
  return operation.id === undefined
    ? status
    : { ...status, operationId: operation.id, uuid: { value: randomUuidBytes() } }
}
