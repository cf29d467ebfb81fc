/**
 * The master's word that a task is over, without its agent's: what it answers to a reconciliation, or tells of an agent that
 * is back. It has neither the result nor the true reason. The agent sends its own update until it is acknowledged, so this
 * is a question until that one comes.
 * Source: apache/mesos docs/reconciliation.md; src/master/master.cpp (reconcile, ___reregisterSlave).
 */
import { replaceTask } from './table/task-table.ts'
import type { TaskRow, TaskTable } from './table/task-table.ts'
import { isTerminal } from '../../../mesos/states.ts'
import type { TaskState, TaskStatus } from '../../../mesos/types.generated.ts'
import { findAttempt } from './launches.ts'
import { applyStatus } from './task-update.ts'
import type { TaskFact, TaskUpdate } from './task-update.ts'
import { advanceTask } from './task.ts'

/** What an update of a task made of the table, and whether its agent's own update is awaited from now on, or no longer. */
export interface AwaitingUpdate extends TaskUpdate {
  readonly agentUpdate?: 'awaited' | 'settled'
}

/** As `applyStatus`, for updates of any origin. */
export function applyUpdate(table: TaskTable, status: TaskStatus): AwaitingUpdate {
  const row = findAttempt(table, status.taskId.value)
  if (row === undefined || row.state === 'pending') return applyStatus(table, status)
  if (isAnsweredEnd(status)) return keepAnswer(table, row, status)
  if (row.state !== 'ending') return applyStatus(table, status)
  if (isLoss(status)) return { ...settleAnswer(table, row, 'lost'), agentUpdate: 'settled' }
  if (isTerminal(status.state)) return { ...applyStatus(table, status), agentUpdate: 'settled' }
  // Its agent may come back with the update. Other updates are of before the end, and only overtaken.
  const isAway = status.state === 'TASK_UNREACHABLE'
  return { table, facts: [], ...(isAway ? { agentUpdate: 'awaited' } : {}) }
}

/** The task is what the master said: its agent's update cannot come (`lost`), or did not in time (`late`). */
export function settleAnswer(table: TaskTable, row: TaskRow, why: 'lost' | 'late'): TaskUpdate {
  if (row.answer === undefined) return { table, facts: [] }
  const next = applyStatus(table, row.answer)
  return { ...next, facts: next.facts.map((fact) => unexplained(fact, row, why)) }
}

/** The end of a task whose framework stops before its agent's update came. */
export function endOfAnswered(row: TaskRow): TaskFact | undefined {
  if (row.answer === undefined) return undefined
  const { request, attempt, hostname, answer } = row
  const where = hostname === undefined ? {} : { hostname }
  const end = { type: 'task.ended', taskId: request.id, attempt, ...where, status: answer } as const
  return unexplained(end, row, 'stopped')
}

/** States that agents tell with a reason and a result. The master adds neither when it passes them on by itself. */
const endsOfAgents: ReadonlySet<TaskState> = new Set([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
] as const)

function isAnsweredEnd({ uuid, reason, state }: TaskStatus): boolean {
  const isAnswer = reason === 'REASON_RECONCILIATION' || reason === 'REASON_AGENT_REREGISTERED'
  return uuid === undefined && isAnswer && endsOfAgents.has(state)
}

/** No agent has the task any more, and so no update of it. */
function isLoss({ state }: TaskStatus): boolean {
  return state === 'TASK_UNKNOWN' || (isTerminal(state) && !endsOfAgents.has(state))
}

function keepAnswer(table: TaskTable, row: TaskRow, status: TaskStatus): AwaitingUpdate {
  const { containerStatus: _container, checkStatus: _check, ...answer } = status
  const state = advanceTask(row.state, 'task.ending')
  const { request, attempt, hostname } = row
  const fact: TaskFact = {
    type: 'task.updated',
    taskId: request.id,
    attempt,
    status,
    ...(hostname === undefined ? {} : { hostname }),
  }
  return {
    table: replaceTask(table, { ...row, state, answer }),
    facts: row.state === state ? [] : [fact],
    agentUpdate: 'awaited',
  }
}

const whyUnknown = {
  lost: 'its agent has lost the update that would tell',
  late: 'the update of its agent did not come within 10 minutes',
  stopped: 'the framework stopped before the update of its agent came',
} as const

/** Adds what is not known to the end of a task; what a shell command gives is known: nothing. */
function unexplained(
  fact: TaskFact,
  { request, answer, isKilled }: TaskRow,
  why: keyof typeof whyUnknown,
): TaskFact {
  const isEnd = fact.type === 'task.ended' && fact.taskId === request.id
  const isAsked = isKilled === true && answer?.state === 'TASK_KILLED'
  if (!isEnd || isAsked) return fact
  if (answer?.state !== 'TASK_FINISHED')
    return { ...fact, code: 'TASK_FAILED', message: `why is not known: ${whyUnknown[why]}` }
  if (request.work.kind === 'shell') return fact
  return { ...fact, code: 'RESULT_UNKNOWN', message: `its result is not known: ${whyUnknown[why]}` }
}
