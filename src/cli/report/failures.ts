/** Errors of tasks in words, and the reason that many of them share. */
import type { JarcastError } from '../../errors.ts'
import type { TaskEnded } from '../../framework/facts/events.ts'
import { printable } from '../output/printable.ts'
import type { Terminal } from '../output/terminal.ts'
import type { RunRow } from './run-log.ts'

/** The message has task, state and reason; the code follows unless it is `TASK_FAILED`. */
export function describeFailure({ code, message }: JarcastError): string {
  return printable(code === 'TASK_FAILED' ? message : `${message} (${code})`)
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

/** Message and log tail of each task that has a failed state from Mesos. */
export function failuresText(
  rows: readonly RunRow[],
  { colours }: Pick<Terminal, 'colours'>,
): string {
  return rows
    .flatMap(({ end }) => {
      if (end?.error === undefined || end.state === undefined) return []
      const tail = logTailOf(end)
      return [colours.red(describeFailure(end.error)), ...(tail === '' ? [] : [indent(tail)])]
    })
    .join('\n')
}

/** The last output of a task, fit for a terminal; empty if it is not known. */
export function logTailOf({ report }: Pick<TaskEnded, 'report'>): string {
  return printable(report?.logTail ?? '').trimEnd()
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ')
}
