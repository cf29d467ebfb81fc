/** Actions of the region `agent`: subscribes, and sends status updates. */
import { assertEvent } from 'xstate'
import { executorSetup } from './setup.ts'
import { nameActions } from '../actions/name-actions.ts'

/** The SUBSCRIBE that follows carries all updates that are not acknowledged. */
const keepCarried = executorSetup.assign(({ context }) => ({
  carried: context.updates.map(({ uuid }) => uuid),
}))

const sendUpdate = executorSetup.enqueueActions(({ event, enqueue }) => {
  assertEvent(event, 'update.stamped')
  enqueue({ type: 'fx.sendUpdate', params: { update: event.update } })
})

/** Sends the updates that were stamped while SUBSCRIBE was in flight. */
const sendMissed = executorSetup.enqueueActions(({ context, enqueue }) => {
  for (const update of context.updates) {
    if (context.carried.includes(update.uuid)) continue
    enqueue({ type: 'fx.sendUpdate', params: { update } })
  }
})

/** Ends the executor, after `agent.lost` or the recovery timeout. */
const shutDownWithoutAgent = executorSetup.enqueueActions(({ context, event, enqueue }) => {
  const message =
    event.type === 'agent.lost'
      ? `the agent is gone: ${event.message}`
      : `no agent within ${context.recoveryTimeoutMs} ms`
  enqueue.raise({ type: 'shutdown.requested', message, exitStatus: 1 })
})

export const agentActions = nameActions({
  keepCarried,
  sendUpdate,
  sendMissed,
  shutDownWithoutAgent,
})
