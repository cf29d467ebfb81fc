/** Describes the end of a task for people. */
import { findTaskEnd } from '../../domain/tasks/ends/task-ends.ts'
import type { TaskStatus, TaskStatusSource } from '../../mesos/types.generated.ts'

const speakers: Readonly<Record<TaskStatusSource, string>> = {
  SOURCE_MASTER: 'the master',
  SOURCE_AGENT: 'its agent',
  SOURCE_EXECUTOR: 'its executor',
}

/**
 * The cause from the message of the status if that states it, else from state, reason and source.
 * Undefined for a state that is not terminal.
 */
export function describeTaskEnd(status: TaskStatus): string | undefined {
  const end = findTaskEnd(status)
  if (end === undefined) return undefined
  const { reason, source, message } = status
  const said = message === undefined ? '' : withoutStatistics(message)
  if (said !== '') return end.isUntold === true && !isTold(said) ? `${end.text}: ${said}` : said
  const limit = describeLimitation(status)
  if (limit !== '') return `${end.text}: ${limit}`
  if (end.reason !== undefined || end.isUnhealthy === true || end.fault === 'none') return end.text
  const who = source === undefined ? 'Mesos' : speakers[source]
  return reason === undefined
    ? `${end.text}; ${who} gave no reason`
    : `${end.text}; ${who} gave ${reason}`
}

/** The executor of jarcast states the cause in its message. */
function isTold(message: string): boolean {
  return /health check|^it was not over after/i.test(message)
}

/** Mesos appends pages of statistics to the limit and the use. */
function withoutStatistics(message: string): string {
  return message.split('MEMORY STATISTICS:', 1)[0]?.trim() ?? ''
}

/** The use of memory, or the limit of disk, as Mesos fills it in. */
function describeLimitation({ limitation }: TaskStatus): string {
  const { resources = [] } = limitation ?? {}
  return resources
    .flatMap(({ name, scalar }) => (scalar === undefined ? [] : `${name} ${scalar.value}`))
    .join(', ')
}
