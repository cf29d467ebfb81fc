/** Errors of tasks in words, and the reason that many of them share. */
import type { JarcastError } from '../../errors.ts'
import type { TaskEnded } from '../../framework/facts/events.ts'
import { printable } from '../output/printable.ts'
import { shortenPaths } from '../output/shorten-paths.ts'
import type { Terminal } from '../output/terminal.ts'
import type { RunRow } from './record/run-log.ts'

/** The message has task, state and reason; the code follows unless it is `TASK_FAILED`. */
export function describeFailure({ code, message }: JarcastError): string {
  return shortenPaths(printable(code === 'TASK_FAILED' ? message : `${message} (${code})`))
}

/** One line per reason, for the errors of tasks that ended with their framework. */
export function describeReasons(errors: readonly JarcastError[]): readonly string[] {
  const byReason = new Map<string, JarcastError[]>()
  for (const error of errors) {
    const reason = `${reasonOf(error)} (${error.code})`
    byReason.set(reason, [...(byReason.get(reason) ?? []), error])
  }
  return [...byReason].map(([reason, [first, ...others]]) => {
    if (first !== undefined && others.length === 0) return describeFailure(first)
    return printable(`${others.length + 1} tasks: ${reason}`)
  })
}

/** True if the task ended only because the framework failed. */
export function isCausedBy(error: JarcastError, failure: JarcastError): boolean {
  return error.code === failure.code && reasonOf(error) === failure.message
}

/** The message without the name of the task. */
function reasonOf({ message, details }: JarcastError): string {
  const prefix = `task ${String(details['taskId'])}: `
  return message.startsWith(prefix) ? message.slice(prefix.length) : message
}

/** Failures that are told in full: more would hide the sums above them. */
const maxFailures = 20

/** Message and log tail of the tasks that have a failed state from Mesos. */
export function failuresText(
  rows: readonly RunRow[],
  { colours }: Pick<Terminal, 'colours'>,
): string {
  const ends = rows.flatMap(({ end }) => {
    return end?.error === undefined || end.state === undefined ? [] : [{ ...end, error: end.error }]
  })
  const texts = ends.slice(0, maxFailures).flatMap((end) => {
    const tail = shortenPaths(logTailOf(end))
    return [colours.red(describeFailure(end.error)), ...(tail === '' ? [] : [indent(tail)])]
  })
  const more = ends.length - maxFailures
  return [...texts, ...(more > 0 ? [colours.red(`… and ${more} more failed`)] : [])].join('\n')
}

/** The last output of a task, fit for a terminal; empty if it is not known. */
export function logTailOf({ report }: Pick<TaskEnded, 'report'>): string {
  return printable(report?.logTail ?? '').trimEnd()
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ')
}
