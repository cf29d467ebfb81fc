/** Messages for ends without the agent's own update: the result, or the reason, is not known. */
import { defined } from '../../../defined.ts'
import type { TaskFact } from './task-fact.ts'
import type { TaskRow } from './table/task-row.ts'

/** The end of an `ending` task whose framework stops. */
export function endOfAnswered(row: TaskRow): TaskFact | undefined {
  if (row.answer === undefined) return undefined
  const { request, attempt, hostname, answer } = row
  const where = defined({ hostname })
  const end = { type: 'task.ended', taskId: request.id, attempt, ...where, status: answer } as const
  return unexplained(end, row, 'stopped')
}

const whyUnknown = {
  lost: 'its agent lost the update with it',
  late: 'the update of its agent did not come within 10 minutes',
  stopped: 'the framework stopped before the update of its agent came',
} as const

/**
 * Adds code and message to the end of a task. A finished shell command has no result that could be
 * missing.
 */
export function unexplained(
  fact: TaskFact,
  { request, answer, isKilled }: TaskRow,
  why: keyof typeof whyUnknown,
): TaskFact {
  const isEnd = fact.type === 'task.ended' && fact.taskId === request.id
  const isAsked = isKilled === true && answer?.state === 'TASK_KILLED'
  if (!isEnd || isAsked) return fact
  if (answer?.state !== 'TASK_FINISHED')
    return { ...fact, code: 'TASK_FAILED', message: `the reason is not known: ${whyUnknown[why]}` }
  if (request.work.kind === 'shell') return fact
  return { ...fact, code: 'RESULT_UNKNOWN', message: `its result is not known: ${whyUnknown[why]}` }
}
