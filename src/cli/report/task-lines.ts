/** Lines about tasks: launched, updated, retried, waiting, unreachable, ended. */
import { runtimeAwaited } from '../../domain/runtimes/platforms.ts'
import { describeStatus } from '../../framework/facts/task-error.ts'
import { isTerminal } from '../../mesos/states.ts'
import { count, formatSeconds } from '../output/printable.ts'
import { taskLabel } from '../output/task-label.ts'
import { describeFailure } from './failures.ts'
import { notice, warning } from './line.ts'
import type { EventLine, EventLines, LineContext } from './line.ts'
import type { EventPayload } from './record/reported-event.ts'
import { describeMissingOffers, describeWaiting } from './waiting-tasks.ts'

export const taskLines: EventLines = {
  'task.launched': ({ taskId, hostname }) => notice(`${taskLabel(taskId)} launched on ${hostname}`),
  'task.updated': describeUpdate,
  'task.retried': describeRetry,
  'task.waiting': (event) => warning(describeWaiting(event)),
  'offers.missing': (event) => warning(describeMissingOffers(event)),
  'tasks.unreachable': (event) => warning(describeUnreachable(event)),
  'task.unknown': describeUnknown,
  'task.ended': describeEnd,
}

function describeUpdate({
  taskId,
  state,
  status,
  hostname,
}: EventPayload<'task.updated'>): EventLine | undefined {
  if (state === 'TASK_RUNNING') return notice(`${taskLabel(taskId)} is running`)
  // An end without `task.ended` is the master's answer to a reconciliation.
  if (state !== undefined && isTerminal(state)) {
    const what = 'has ended according to the master; waiting for the update of its agent'
    return notice(`task ${taskId} ${what}`)
  }
  // Tasks that become unreachable during the run share one line per agent.
  if (state !== 'TASK_UNREACHABLE' || status?.reason !== 'REASON_RECONCILIATION') return undefined
  const host = hostname === undefined ? '' : ` on ${hostname}`
  return warning(`task ${taskId} waits for its agent${host}, which Mesos cannot reach`)
}

function describeRetry(update: EventPayload<'task.retried'>): EventLine {
  const { taskId, message } = update
  // No failure, and the same for all tasks of an executor: the shipping is announced once.
  if (message === runtimeAwaited) return notice(`${taskLabel(taskId)} waits: ${message}`)
  return warning(`${taskLabel(taskId)} ${reasonOf(update)}; retrying it`)
}

function reasonOf({ state, status, message }: EventPayload<'task.retried'>): string {
  return [state ?? 'was lost', describeStatus(status) ?? message]
    .filter((part) => part !== undefined)
    .join(': ')
}

function describeUnreachable(event: EventPayload<'tasks.unreachable'>): string {
  const { agentId, hostname = agentId, count: waiting, taskIds, isUnlimited } = event
  const more = waiting > taskIds.length ? ` and ${waiting - taskIds.length} more` : ''
  const wait = waiting === 1 ? 'waits' : 'wait'
  const hint = isUnlimited
    ? '; set unreachableMs (--unreachable SECONDS) to have them launched elsewhere'
    : ''
  return `${count(waiting, 'task')} ${wait} for the agent on ${hostname}, which Mesos cannot reach: ${taskIds.join(', ')}${more}${hint}`
}

function describeUnknown({
  taskId,
  isKilled,
  isReplaced,
}: EventPayload<'task.unknown'>): EventLine {
  const action = isKilled ? 'killing it' : 'leaving it alone'
  if (isReplaced === true)
    return warning(`task ${taskId} runs, though another attempt replaced it; ${action}`)
  return warning(`Mesos runs task ${taskId}, which does not belong to this run; ${action}`)
}

function describeEnd(
  { taskId, error, state }: EventPayload<'task.ended'>,
  { durationMsOf }: LineContext,
): EventLine | undefined {
  if (error !== undefined) {
    // Without a state, the task ended with the framework: such tasks are summed up at the end.
    return state === undefined ? undefined : warning(describeFailure(error))
  }
  const durationMs = durationMsOf(taskId)
  const time = durationMs === undefined ? '' : ` in ${formatSeconds(durationMs)} s`
  return notice(`${taskLabel(taskId)} finished${time}`)
}
