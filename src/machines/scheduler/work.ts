/** Actions on tasks and operations together: several components share this work. */
import { assertEvent } from 'xstate'
import * as calls from '../../mesos/scheduler-calls.ts'
import { stopped } from './connection/events.ts'
import type { Failure } from './connection/events.ts'
import type { SchedulerInboxEvent } from './events.ts'
import { workOf } from './components.ts'
import type { OperationsEvent } from './operations/setup.ts'
import { schedulerSetup } from './setup.ts'
import type { TasksEvent } from './tasks/events.ts'
import { nameActions } from '../actions/name-actions.ts'

/** Sends the event to the offers, with the work that waits. */
export const offerWork = schedulerSetup.enqueueActions(({ enqueue, event, self }) => {
  assertEvent(event, ['mesos.offers', 'work.changed', 'delivery.ready'])
  enqueue.sendTo('offers', { ...event, work: workOf(self.getSnapshot().children) })
})

/** Notifies the tables of the tasks and operations in the ACCEPT calls. */
export const launchWork = schedulerSetup.enqueueActions(({ enqueue, event }) => {
  assertEvent(event, 'work.launched')
  const { launches, operationIds } = event
  if (launches.length > 0) enqueue.sendTo('tasks', { type: 'task.launched', launches })
  if (operationIds.length > 0)
    enqueue.sendTo('operations', { type: 'operation.sent', operationIds })
})

/** Ends the draining if nothing is left. */
export const checkWork = schedulerSetup.enqueueActions(({ enqueue, self }) => {
  const { tasks, operations } = workOf(self.getSnapshot().children)
  if (tasks.rows.size + operations.rows.size === 0) enqueue.raise({ type: 'work.over' })
})

export const refuseWhileDraining = schedulerSetup.enqueueActions(({ enqueue, event }) => {
  assertEvent(event, ['task.submit', 'operation.submit'])
  const kind = event.type === 'task.submit' ? 'tasks' : 'operations'
  refuse(enqueue, event, stopped(`the framework takes no more ${kind}: it is draining`))
})

export const refuseWhenStopped = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, ['task.submit', 'operation.submit'])
  refuse(enqueue, event, context.failure ?? stopped('the framework has stopped'))
})

/** Ends all work for this framework. No component makes calls from now on. */
export const abandonWork = schedulerSetup.enqueueActions(({ context, enqueue }) => {
  const why = context.failure
  enqueue.sendTo('offers', { type: 'offers.close' })
  enqueue.sendTo('maintenance', { type: 'maintenance.close' })
  enqueue.sendTo('tasks', { type: 'task.abandon', why })
  enqueue.sendTo('operations', { type: 'operation.abandon', why })
})

export const tearDown = schedulerSetup.enqueueActions(({ context, enqueue }) => {
  const call = calls.teardown(context.frameworkId ?? '')
  enqueue({ type: 'fx.close', params: { call } })
})

interface Sender {
  sendTo(id: string, event: TasksEvent | OperationsEvent): void
}

function refuse(
  enqueue: Sender,
  event: Extract<SchedulerInboxEvent, { readonly type: 'task.submit' | 'operation.submit' }>,
  why: Failure,
): void {
  if (event.type === 'task.submit') {
    const { requests } = event
    enqueue.sendTo('tasks', { type: 'task.refuse', requests, why })
  } else {
    const { request } = event
    enqueue.sendTo('operations', {
      type: 'operation.refuse',
      request,
      why,
    })
  }
}

nameActions({
  offerWork,
  launchWork,
  checkWork,
  refuseWhileDraining,
  refuseWhenStopped,
  abandonWork,
  tearDown,
})
