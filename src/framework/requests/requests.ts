/** What a framework's user may ask of Mesos beside tasks: operations, words to executors, other settings. */
import { randomUUID } from 'node:crypto'
import type { EventEmitter } from 'eventemitter3'
import { findIdFault, findMesosIdFault, findRoleFault, showId } from '../../domain/ids.ts'
import { conversionOf } from '../../domain/tasks/operations.ts'
import type { ResourceOperation } from '../../domain/tasks/operations.ts'
import { JarcastError } from '../../errors.ts'
import type { FrameworkDescription } from '../../machines/scheduler/connection/framework-update.ts'
import type { SchedulerInboxEvent } from '../../machines/scheduler/events.ts'
import type {
  FrameworkInfo,
  Request,
  Resource,
  SchedulerOfferConstraints,
} from '../../mesos/types.generated.ts'
import { createDeferred } from '../../deferred.ts'
import type { Deferred } from '../../deferred.ts'
import type { FrameworkEvents, OperationEnded } from '../facts/events.ts'
import { failoverTimeoutOf } from '../options/options.ts'

export interface OperateOptions {
  /** The agent whose resources it is about: an offer of its is waited for. */
  readonly agentId: string
  /** As Mesos knows it; `reservedResources` and `persistentVolume` help to write it. */
  readonly operation: ResourceOperation
  /** Default: the operation's type and a UUID. */
  readonly id?: string
  /** Gives the operation up while it still waits for an offer. */
  readonly signal?: AbortSignal
}

export interface ExecutorAddress {
  readonly agentId: string
  readonly executorId: string
}

/** What may change while a framework runs. What is not named stays as it is. */
export interface FrameworkChanges extends Partial<
  Pick<FrameworkInfo, 'name' | 'roles' | 'hostname' | 'webuiUrl' | 'labels' | 'capabilities'>
> {
  readonly failoverTimeoutMs?: number
  /** Which agents to be offered at all, per role. */
  readonly offerConstraints?: SchedulerOfferConstraints
}

export interface FrameworkRequests {
  /**
   * Reserves, unreserves, makes or changes volumes on an agent, with its next offer that has what it takes. Resolves once
   * Mesos says that it is done. Errors: `OPERATION_INVALID`; `OPERATION_FAILED` with `details`: `state`, `message`;
   * `FRAMEWORK_STOPPED`. A call that was lost on its way is sent again, under another id.
   */
  operate(options: OperateOptions): Promise<OperationEnded>
  /**
   * Sends bytes to an executor. Delivery is best effort, as in Mesos, and not confirmed. Throws
   * `MESSAGE_INVALID` for more than 3.75 MiB, or for an id that Mesos does not allow.
   */
  sendMessage(to: ExecutorAddress, data: string | Uint8Array): void
  /**
   * Ends an executor with all its tasks, which are not launched again. Throws `MESSAGE_INVALID` for an id that Mesos does not
   * allow.
   */
  shutDownExecutor(executor: ExecutorAddress): void
  /**
   * Requests resources. Throws `MESSAGE_INVALID` if the request is too large. The default allocator
   * of Mesos ignores it.
   */
  requestResources(requests: readonly Request[]): void
  /** Where `maintenance` is `ask`: whether the agent's resources are given back in time. */
  answerInverseOffer(inverseOfferId: string, accept: boolean): void
  /**
   * Changes what the master knows of the framework, and resolves once it has taken it. Changes are made one after
   * another. Errors: `CONFIG_INVALID` before it is sent, `CALL_REJECTED` with the master's reason; then all is as it was.
   */
  update(changes: FrameworkChanges): Promise<void>
}

export interface RequestsOptions {
  readonly emitter: EventEmitter<FrameworkEvents>
  /** Starts the framework if need be; resolves with its inbox and what the master knows of it. */
  readonly ready: () => Promise<{
    dispatch(event: SchedulerInboxEvent): void
    readonly description: () => FrameworkDescription
  }>
  /** Takes in an event of a framework that runs; drops it otherwise. */
  readonly tell: (event: SchedulerInboxEvent) => void
}

/** The requests of one framework. `close` rejects what is still open. */
export function createRequests({
  emitter,
  ready,
  tell,
}: RequestsOptions): FrameworkRequests & { close(reason: JarcastError): void } {
  const operations = new Map<string, Deferred<OperationEnded>>()
  let update: Deferred<void> | undefined
  let lastUpdate: Promise<unknown> = Promise.resolve()

  emitter.on('operation.ended', (ended) => {
    const waiting = operations.get(ended.operationId)
    operations.delete(ended.operationId)
    if (ended.error === undefined) waiting?.resolve(ended)
    else waiting?.reject(ended.error)
  })
  emitter.on('framework.updated', () => update?.resolve())
  emitter.on('framework.updateFailed', (error) => update?.reject(error))

  async function updateNow(changes: FrameworkChanges): Promise<void> {
    const { dispatch, description } = await ready()
    const next = changed(description(), changes)
    const { framework } = next
    const { roles = [], failoverTimeout = 0 } = framework
    failoverTimeoutOf(failoverTimeout * 1000)
    const wrong = roles.find((role) => findRoleFault(role) !== undefined)
    const fault =
      wrong === undefined ? findEntryFault(next) : `(role ${showId(wrong)}) ${findRoleFault(wrong)}`
    if (fault !== undefined)
      throw new JarcastError('CONFIG_INVALID', `what the update changes ${fault}`)
    update = createDeferred()
    dispatch({ type: 'framework.update', description: next })
    await update.promise
  }

  return {
    async operate({ agentId, operation, id = `${operation.type}-${randomUUID()}`, signal }) {
      checkOperation(id, agentId, operation)
      if (operations.has(id)) throw invalid(id, 'an operation with this id is not over yet')
      signal?.throwIfAborted()
      const result = createDeferred<OperationEnded>()
      operations.set(id, result)
      const { dispatch } = await ready().catch((error: unknown) => {
        operations.delete(id)
        throw error
      })
      const cancel = (): void => dispatch({ type: 'operation.cancel', operationId: id })
      dispatch({ type: 'operation.submit', request: { id, agentId, operation } })
      if (signal?.aborted) cancel()
      signal?.addEventListener('abort', cancel)
      return result.promise.finally(() => signal?.removeEventListener('abort', cancel))
    },
    sendMessage(to, bytes) {
      const { agentId, executorId } = checkAddress(to)
      const data = Buffer.from(bytes as Uint8Array).toString('base64')
      assertFits(`the message to executor ${executorId}`, data)
      tell({ type: 'executor.tell', agentId, executorId, data })
    },
    shutDownExecutor(executor) {
      const { agentId, executorId } = checkAddress(executor)
      tell({ type: 'executor.shutdown', agentId, executorId })
    },
    requestResources(requests) {
      assertFits('the request for resources', requests)
      tell({ type: 'offers.request', requests })
    },
    answerInverseOffer: (inverseOfferId, accept) =>
      tell({ type: 'inverseOffer.answer', inverseOfferId, accept }),
    update(changes) {
      const done = lastUpdate.then(() => updateNow(changes))
      lastUpdate = done.catch(() => undefined)
      return done
    },
    close(reason) {
      for (const waiting of operations.values()) waiting.reject(reason)
      operations.clear()
      update?.reject(reason)
    },
  }
}

function changed(
  { framework, offerConstraints: before }: FrameworkDescription,
  { failoverTimeoutMs, offerConstraints = before, ...changes }: FrameworkChanges,
) {
  return {
    framework: {
      ...framework,
      ...changes,
      ...(failoverTimeoutMs === undefined ? {} : { failoverTimeout: failoverTimeoutMs / 1000 }),
    },
    ...(offerConstraints === undefined ? {} : { offerConstraints }),
  }
}

function checkOperation(id: string, agentId: string, operation: ResourceOperation): void {
  const idFault = findIdFault(id)
  if (idFault !== undefined) throw invalid(id, `its id ${idFault}`)
  const agentFault = findMesosIdFault(agentId)
  if (agentFault !== undefined) throw invalid(id, `its agentId ${agentFault}`)
  const conversion = conversionOf(operation) as ReturnType<typeof conversionOf> | undefined
  if (conversion === undefined)
    throw invalid(id, `${operation.type} is no operation on resources; tasks are launched by run`)
  const fault = findEntryFault(operation)
  if (fault !== undefined) throw invalid(id, `it ${fault}`)
  const { takes, leaves } = conversion
  // JavaScript callers may leave them out.
  const named: readonly (Resource | undefined)[] = takes
  if (named.length === 0 || named.includes(undefined)) throw invalid(id, 'it names no resources')
  const nameFault = findNameFault([...takes, ...leaves])
  if (nameFault !== undefined) throw invalid(id, nameFault)
}

/** What Mesos would refuse of the roles and volumes in an operation. */
function findNameFault(resources: readonly Resource[]): string | undefined {
  for (const { reservations = [], disk } of resources) {
    for (const { role } of reservations) {
      const fault = role === undefined ? undefined : findRoleFault(role)
      if (fault !== undefined) return `its role ${showId(role)} ${fault}`
    }
    const volume = disk?.persistence?.id
    const fault = volume === undefined ? undefined : findMesosIdFault(volume)
    if (fault !== undefined) return `the id of its volume ${fault}`
  }
  return undefined
}

/** In characters of JSON; more would not fit an entry of the journal. */
const maxEntryLength = 5 * 1024 * 1024

function findEntryFault(value: unknown): string | undefined {
  try {
    const { length } = JSON.stringify(value)
    return length <= maxEntryLength
      ? undefined
      : `has ${length} characters of JSON, and may have ${maxEntryLength}`
  } catch (error) {
    return `is not JSON: ${String(error)}`
  }
}

function checkAddress({ agentId, executorId }: ExecutorAddress): ExecutorAddress {
  for (const [name, id] of Object.entries({ agentId, executorId })) {
    const fault = findMesosIdFault(id)
    if (fault !== undefined) throw new JarcastError('MESSAGE_INVALID', `${name} ${fault}`)
  }
  return { agentId, executorId }
}

function assertFits(what: string, value: unknown): void {
  const fault = findEntryFault(value)
  if (fault !== undefined) throw new JarcastError('MESSAGE_INVALID', `${what} ${fault}`)
}

function invalid(id: string, why: string): JarcastError {
  return new JarcastError('OPERATION_INVALID', `operation ${showId(id)}: ${why}`, {
    details: { operationId: id },
  })
}
