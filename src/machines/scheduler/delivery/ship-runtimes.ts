/** Actions that get a Node.js to agents without one. */
import { assertEvent } from 'xstate'
import { nameActions } from '../../actions/name-actions.ts'
import { runtimeRequestOf, shipmentOf, withAgent, withShipment } from './runtimes.ts'
import type { RuntimeAwaited } from './runtimes.ts'
import { deliverySetup } from './setup.ts'

/** Its tasks are launched again when the agent can have its Node.js. */
export const shipRuntime = deliverySetup.enqueueActions(
  ({ context: { delivery }, enqueue, event }) => {
    assertEvent(event, 'mesos.failure')
    const request = runtimeRequestOf(delivery, event)
    if (delivery === undefined || request === undefined) return
    const { agentId, executorId, platform } = request
    const isFirst = shipmentOf(delivery, platform) === undefined
    const begun = isFirst ? withShipment(delivery, platform, 'preparing') : delivery
    enqueue.assign({ delivery: withAgent(begun, request) })
    enqueue.emit({ type: 'runtime.needed', agentId, platform })
    if (isFirst) enqueue({ type: 'fx.prepareRuntime', params: { platform } })
    enqueue.sendParent({ type: 'runtime.awaited', agentId, executorId } satisfies RuntimeAwaited)
  },
)

export const keepRuntime = deliverySetup.enqueueActions(
  ({ context: { delivery }, enqueue, event }) => {
    assertEvent(event, 'runtime.prepared')
    const { platform, executor, version, sizeBytes } = event
    if (delivery === undefined) return
    enqueue.assign({ delivery: withShipment(delivery, platform, executor) })
    enqueue.emit({ type: 'runtime.served', platform, version, sizeBytes })
  },
)

export const giveUpRuntime = deliverySetup.enqueueActions(
  ({ context: { delivery }, enqueue, event }) => {
    assertEvent(event, 'runtime.failed')
    const { platform } = event
    if (delivery === undefined) return
    enqueue.assign({ delivery: withShipment(delivery, platform, 'unavailable') })
    enqueue.emit({ ...event, type: 'runtime.unavailable' })
  },
)

nameActions({ shipRuntime, keepRuntime, giveUpRuntime })
