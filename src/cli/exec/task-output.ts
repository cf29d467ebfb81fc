/** Shows the result and the output of the task of `jarcast exec`. */
import type { TaskReport } from '../../domain/tasks/task-report.ts'
import type { TaskWork } from '../../domain/tasks/task-work.ts'
import type { LocalCluster } from '../../local/cluster.ts'
import type { TaskStatus } from '../../mesos/types.generated.ts'
import { copyOutput, findSandbox, findTaskOutput } from '../local/sandbox.ts'
import { printable } from '../output/printable.ts'
import { logTailOf } from '../report/failures.ts'
import type { RunRow } from '../report/run-log.ts'

export interface TaskOutputOptions {
  readonly kind: TaskWork['kind']
  readonly frameworkId: string | undefined
  /** Only with `--master local`, whose sandboxes can be read. */
  readonly cluster?: LocalCluster
}

/** Executors report at most this much of a task's output. */
const reportedBytes = 4096

/**
 * Writes the result, or the program's stdout, to stdout and everything else to stderr: all of it if
 * the sandbox can be read, else the part that the executor reported, and where the rest is.
 */
export async function showTaskOutput(row: RunRow, options: TaskOutputOptions): Promise<void> {
  const { kind } = options
  const folder = findOutput(row, options)
  const report = row.end?.report
  if (folder === undefined) {
    showReport(row, options)
    return
  }
  const isFunction = kind === 'js'
  await copyOutput(folder, 'stdout', isFunction ? process.stderr : process.stdout)
  await copyOutput(folder, 'stderr', process.stderr)
  if (isFunction && row.end?.error === undefined) process.stdout.write(resultOf(report))
}

function findOutput(
  { taskId, agentId, end }: RunRow,
  { frameworkId, cluster }: TaskOutputOptions,
): string | undefined {
  const { status } = end ?? {}
  const ranOn = agentId ?? status?.agentId?.value
  if (cluster === undefined || ranOn === undefined || frameworkId === undefined) return undefined
  const launchId = status?.taskId.value ?? taskId
  // Mesos gives a command task an executor of the same id.
  const executorId = status?.executorId?.value ?? launchId
  const sandbox = findSandbox(cluster, { agentId: ranOn, frameworkId, executorId })
  return sandbox === undefined ? undefined : findTaskOutput(sandbox, { launchId, executorId })
}

function showReport({ taskId, hostname, end }: RunRow, { cluster }: TaskOutputOptions): void {
  const place = printable(`the sandbox of ${taskId} on ${hostname ?? end?.hostname ?? 'its agent'}`)
  if (end?.report === undefined) {
    // jarcast's executor did not run this command: its output stays on the agent.
    if (cluster === undefined && hasSandbox(end?.status))
      process.stderr.write(`its output is in ${place}\n`)
    return
  }
  const { error, report } = end
  if (error !== undefined) process.stderr.write(withLineEnd(logTailOf(end)))
  else process.stdout.write(resultOf(report))
  if ((error !== undefined || report.result === undefined) && isCut(report)) {
    process.stderr.write(`the last 4 kB; the rest is in ${place}\n`)
  }
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

/** The result of the task or, without one, its output. */
function resultOf(report: TaskReport | undefined): string {
  const { result, logTail = '' } = report ?? {}
  const text = result === undefined ? logTail : toText(result)
  return withLineEnd(process.stdout.isTTY ? printable(text) : text)
}

function toText(result: TaskReport['result']): string {
  return typeof result === 'string' ? result : JSON.stringify(result)
}

function withLineEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
