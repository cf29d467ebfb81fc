/** `jarcast exec`: shows what its one task gave and wrote. */
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
  /** Only of a cluster in this process, whose sandboxes can be read. */
  readonly cluster?: LocalCluster
}

/** Executors report no more than this of what a task wrote. */
const reportedBytes = 4096

/**
 * Result, or what a program wrote to its stdout, to stdout; everything else to stderr. Whole where the sandbox can be
 * read; else what the executor reported, with a line on stderr that says where the rest is.
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
    // A command that no executor of ours runs: its output stays on the agent.
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

/** False for a task that never reached a container, or whose agent is gone, as far as its last update tells. */
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

/** A character that the cut went through is left out: up to three bytes are missing. */
function isCut({ logTail = '' }: TaskReport): boolean {
  return Buffer.byteLength(logTail) > reportedBytes - 4
}

/** What the task gave or, when it gives nothing, what it wrote. */
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
