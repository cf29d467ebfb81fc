/**
 * Operations on an agent: performed once on its resources, then told, and told again until it is
 * acknowledged: after 10 s at first and twice as long each time, up to 10 min. Only an operation
 * with an id is acknowledged; others are told once. An operation on an agent's own resources has
 * one status, for it is finished when it is told.
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
  /** First wait before a status is sent again, in ms; the longest is sixty times it. */
  readonly retryMs: number
  readonly forward: (frameworkId: string, agentId: string, update: OperationUpdate) => void
}

export interface AgentOperations {
  /** One that was applied before is not applied again. */
  apply(frameworkId: string, applied: AppliedOperation): void
  acknowledge(operationUuid: Base64, statusUuid: Base64): void
  /** The framework is back: everything of it goes out at once. */
  resend(frameworkId: string): void
  /** There is no master. */
  pause(): void
  /** There is one, again: everything goes out at once. */
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
/** A master sends again what it has not heard of; that is recent. */
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
