/** The component of tasks alone, and the events that it takes. */
import type { TasksEvent } from '../../../../src/machines/scheduler/tasks/events.ts'
import type { TasksInput } from '../../../../src/machines/scheduler/tasks/setup.ts'
import { tasksMachine } from '../../../../src/machines/scheduler/tasks/tasks.ts'
import { asChild } from '../../../support/machines/as-child.ts'
import { offers, registered, submit } from '../../../support/machines/run-scheduler.ts'
import { offer } from '../../../support/mesos/mesos-data.ts'

/** Launches of the offers component. */
export const launch = (...ids: readonly string[]): TasksEvent => ({
  type: 'task.launched',
  launches: ids.map((taskId) => ({ taskId, agentId: 'a1', hostname: 'h1', counted: [] })),
})

/** The component alone, subscribed. */
export function start(input: Partial<TasksInput>, ...events: readonly TasksEvent[]) {
  const component = asChild(tasksMachine, { outcomes: 'forgotten', ...input })
  component.send(registered, ...events)
  return component
}

/** A scheduler with a launched task. */
export const launched = [registered, submit('a'), offers(offer('o1'))] as const
export const agent = { agentId: { value: 'a1' } }
