/**
 * Operations on an agent. Performs each once, then resends its status until it is acknowledged,
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
  /** First delay before a status is resent, in ms. Maximum: 60 times it. */
  readonly retryMs: number
  readonly forward: (frameworkId: string, agentId: string, update: OperationUpdate) => void
}

interface Pending {
  readonly frameworkId: string
  readonly update: OperationUpdate
  timer: NodeJS.Timeout | undefined
}

const longestRetryFactor = 60
/** Enough to recognize operations that a master resends. */
const maxRemembered = 1000

export class AgentOperations {
  readonly #options: AgentOperationsOptions
  readonly #pending = new Map<Base64, Pending>()
  readonly #applied = new Set<Base64>()
  #isPaused = false

  constructor(options: AgentOperationsOptions) {
    this.#options = options
  }

  /** Ignores an operation that was applied before. */
  apply(frameworkId: string, asked: AppliedOperation): void {
    if (this.#applied.has(asked.uuid)) return
    this.#applied.add(asked.uuid)
    const [oldest] = this.#applied
    if (this.#applied.size > maxRemembered && oldest !== undefined) this.#applied.delete(oldest)
    void this.#perform(frameworkId, asked)
  }

  acknowledge(operationUuid: Base64, statusUuid: Base64): void {
    const each = this.#pending.get(operationUuid)
    if (each?.update.status.uuid?.value !== statusUuid) return
    clearTimeout(each.timer)
    this.#pending.delete(operationUuid)
  }

  /** Sends all statuses of a framework that subscribed again. */
  resend(frameworkId: string): void {
    for (const each of this.#pending.values())
      if (each.frameworkId === frameworkId) this.#send(each)
  }

  /** Keeps statuses until `resume`, while there is no master. */
  pause(): void {
    this.#isPaused = true
    for (const { timer } of this.#pending.values()) clearTimeout(timer)
  }

  /** Sends all statuses. */
  resume(): void {
    this.#isPaused = false
    for (const each of this.#pending.values()) this.#send(each)
  }

  dropFramework(frameworkId: string): void {
    this.#drop((each) => each.frameworkId === frameworkId)
  }

  close(): void {
    this.#drop(() => true)
  }

  async #perform(frameworkId: string, asked: AppliedOperation): Promise<void> {
    const { agentId, forward, resources } = this.#options
    const { operation, uuid } = asked
    const outcome = await outcomeOf(resources, asked)
    const update = { uuid, operation, status: statusOf(agentId, asked, outcome) }
    if (operation.id === undefined) {
      forward(frameworkId, agentId, update)
      return
    }
    const each: Pending = { frameworkId, update, timer: undefined }
    this.#pending.set(uuid, each)
    this.#send(each)
  }

  #send(each: Pending, waitMs = this.#options.retryMs): void {
    const { agentId, forward, retryMs } = this.#options
    clearTimeout(each.timer)
    if (this.#isPaused) return
    const nextMs = Math.min(waitMs * 2, retryMs * longestRetryFactor)
    each.timer = setTimeout(() => this.#send(each, nextMs), waitMs)
    forward(each.frameworkId, agentId, each.update)
  }

  #drop(isDropped: (each: Pending) => boolean): void {
    for (const [uuid, each] of this.#pending) {
      if (!isDropped(each)) continue
      clearTimeout(each.timer)
      this.#pending.delete(uuid)
    }
  }
}

type Outcome = Pick<OperationStatus, 'state' | 'message'>

function outcomeOf(resources: AgentResources, { conversions }: AppliedOperation): Promise<Outcome> {
  return resources.apply(conversions).then(
    () => ({ state: 'OPERATION_FINISHED' }),
    (error: unknown) => ({ state: 'OPERATION_FAILED', message: messageOf(error) }),
  )
}

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
