/** Requests that become one call each, and have no result. */
import { findMesosIdFault } from '../../domain/ids.ts'
import { JarcastError } from '../../errors.ts'
import type { SchedulerInboxEvent } from '../../machines/scheduler/events.ts'
import type { Request } from '../../mesos/types.generated.ts'
import { findEntryFault } from './entry-fault.ts'

export interface ExecutorAddress {
  readonly agentId: string
  readonly executorId: string
}

export interface ExecutorRequests {
  /**
   * Sends bytes to an executor. Delivery is best effort, as in Mesos, and not confirmed. Throws
   * `MESSAGE_INVALID` for more than 3.75 MiB, or for an id that Mesos does not allow.
   */
  sendMessage(to: ExecutorAddress, data: string | Uint8Array): void
  /**
   * Ends an executor and all its tasks, which are not launched again; with `ifIdle`, only if it has
   * no task. Throws `MESSAGE_INVALID` for an id that Mesos does not allow.
   */
  shutDownExecutor(executor: ExecutorAddress, options?: { readonly ifIdle?: boolean }): void
  /**
   * Requests resources. Throws `MESSAGE_INVALID` if the request is too large. The default allocator
   * of Mesos ignores it.
   */
  requestResources(requests: readonly Request[]): void
  /**
   * Asks the master again for offers while tasks or operations wait: REVIVE removes the filters of
   * offers that were declined. It is seldom needed: the framework asks by itself for new work. While
   * nothing waits, nothing is sent. Subject to the limit `revives`.
   */
  revive(): void
  /**
   * Accepts or declines an inverse offer: whether the agent's resources are given back in time.
   * For frameworks with `maintenance: 'ask'`.
   */
  answerInverseOffer(inverseOfferId: string, accept: boolean): void
}

/** `dispatch` drops events of a framework that does not run. */
export function createExecutorRequests(
  dispatch: (event: SchedulerInboxEvent) => void,
): ExecutorRequests {
  return {
    sendMessage(to, bytes) {
      const { agentId, executorId } = checkAddress(to)
      const data = Buffer.from(bytes as Uint8Array).toString('base64')
      assertFits(`the message to executor ${executorId}`, data)
      dispatch({ type: 'executor.tell', agentId, executorId, data })
    },
    shutDownExecutor(executor, { ifIdle = false } = {}) {
      const address = checkAddress(executor)
      dispatch({ type: 'executor.shutdown', ...address, ...(ifIdle && { ifIdle }) })
    },
    requestResources(requests) {
      assertFits('the request for resources', requests)
      dispatch({ type: 'offers.request', requests })
    },
    revive() {
      dispatch({ type: 'offers.revive' })
    },
    answerInverseOffer(inverseOfferId, accept) {
      dispatch({ type: 'inverseOffer.answer', inverseOfferId, accept })
    },
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
