/** What the executor machine does with status updates: kept and sent again until the agent acknowledges them. */
import { executorSetup, find, without } from './setup.ts'
import { failGroup } from './task-groups.ts'
import type { RunReport } from '../task-run/run-report.ts'

const keepUpdate = executorSetup.assign(({ context, event }) => {
  if (event.type !== 'update.stamped') return {}
  const { update } = event
  const ended = isLast(update) && find(context.runs, update.taskId) === 'live'
  return {
    updates: [...context.updates, update],
    runs: ended ? { ...context.runs, [update.taskId]: 'ended' as const } : context.runs,
    groups: hasFailed(update) ? failGroup(context.groups, update.taskId) : context.groups,
    needs: ended ? without(context.needs, update.taskId) : context.needs,
  }
})

const dropAcknowledged = executorSetup.assign(({ context, event }) => {
  if (event.type !== 'update.acknowledged') return {}
  const { [event.taskId]: _, ...tasks } = context.tasks
  return { tasks, updates: context.updates.filter(({ uuid }) => uuid !== event.uuid) }
})

const sendUpdate = executorSetup.enqueueActions(({ event, enqueue }) => {
  if (event.type === 'update.stamped') {
    enqueue({ type: 'fx.sendUpdate', params: { update: event.update } })
  }
})

/** Updates stamped while SUBSCRIBE was on its way are in nobody's hands yet. */
const sendUpdates = executorSetup.enqueueActions(({ context, enqueue }) => {
  for (const update of context.updates) {
    if (context.carried.includes(update.uuid)) continue
    enqueue({ type: 'fx.sendUpdate', params: { update } })
  }
})

/** By the names that the machine knows them under. */
export const updateActions = { keepUpdate, dropAcknowledged, sendUpdate, sendUpdates }

function isLast({ state }: RunReport): boolean {
  return state !== 'TASK_STARTING' && state !== 'TASK_RUNNING'
}

/** True for the last update of a task that did not finish. */
export function hasFailed(report: RunReport): boolean {
  return isLast(report) && report.state !== 'TASK_FINISHED'
}
