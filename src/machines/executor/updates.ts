/** Actions of the region `updates`: status updates are kept until the agent acknowledges them. */
import { assertEvent } from 'xstate'
import { executorSetup, without } from './setup.ts'
import { nameActions } from '../actions/name-actions.ts'

const keepUpdate = executorSetup.assign(({ context, event }) => {
  assertEvent(event, 'update.stamped')
  return { updates: [...context.updates, event.update] }
})

const dropAcknowledged = executorSetup.assign(({ context, event }) => {
  assertEvent(event, 'update.acknowledged')
  return {
    tasks: without(context.tasks, event.taskId),
    updates: context.updates.filter(({ uuid }) => uuid !== event.uuid),
  }
})

export const updateActions = nameActions({ keepUpdate, dropAcknowledged })
