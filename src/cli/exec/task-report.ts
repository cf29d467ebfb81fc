/** What the executor reported of a task, where its output cannot be read from the agent. */
import type { TaskReport } from '../../domain/tasks/task-report.ts'
import type { TaskStatus } from '../../mesos/types.generated.ts'
import { printable } from '../output/printable.ts'
import { logTailOf } from '../report/failures.ts'
import type { RunRow } from '../report/record/run-log.ts'

/** Executors report at most this much of a task's output. */
const reportedBytes = 4096

/** Writes the end of the output, or the result, and says where the rest is. `why`: a sentence. */
export function showReport({ taskId, hostname, end }: RunRow, why: string): void {
  const place = `the sandbox of ${taskId} on ${hostname ?? end?.hostname ?? 'its agent'}`
  const note = (text: string): void => void process.stderr.write(`${printable(text)}\n`)
  if (end?.report === undefined) {
    // jarcast's executor did not run this command: it reports no output.
    if (hasSandbox(end?.status)) note(`its output is in ${place}: ${why}`)
    return
  }
  const { error, report } = end
  if (error !== undefined) process.stderr.write(withLineEnd(logTailOf(end)))
  else process.stdout.write(resultOf(report))
  if ((error !== undefined || report.result === undefined) && isCut(report))
    note(`the last 4 kB; the rest is in ${place}: ${why}`)
}

/** The result of the task or, without one, the end of its output. */
export function resultOf(report: TaskReport | undefined): string {
  const { result, logTail = '' } = report ?? {}
  const text = result === undefined ? logTail : toText(result)
  return withLineEnd(process.stdout.isTTY ? printable(text) : text)
}

/** False if the last update says that the task never had a container, or that its agent is gone. */
export function hasSandbox(status: TaskStatus | undefined): boolean {
  if (status === undefined || isWithoutContainer(status)) return false
  const { source, executorId, containerStatus } = status
  if (source === 'SOURCE_EXECUTOR' || containerStatus?.containerId !== undefined) return true
  return source === 'SOURCE_AGENT' && executorId !== undefined
}

function isWithoutContainer({ state, reason }: TaskStatus): boolean {
  return (
    state === 'TASK_ERROR' ||
    state === 'TASK_DROPPED' ||
    reason === 'REASON_TASK_KILLED_DURING_LAUNCH'
  )
}

/** The report leaves out a character that was cut: up to three bytes are missing. */
function isCut({ logTail = '' }: TaskReport): boolean {
  return Buffer.byteLength(logTail) > reportedBytes - 4
}

function toText(result: TaskReport['result']): string {
  return typeof result === 'string' ? result : JSON.stringify(result)
}

function withLineEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
