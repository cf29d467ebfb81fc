/** From how a task ended to the error that its caller gets. */
import { rejectedExitStatus, uncheckedExitStatus } from '../../domain/tasks/check-command.ts'
import type { FetchedFile } from '../../domain/tasks/check-command.ts'
import { describeTaskEnd } from '../../domain/tasks/task-ends.ts'
import type { TaskReport } from '../../domain/tasks/task-report.ts'
import { JarcastError } from '../../errors.ts'
import type { ErrorCode } from '../../errors.ts'
import type { TaskFact } from '../../machines/scheduler/tasks/task-update.ts'

/** Undefined for a task that finished; else an error whose `details` hold state, reason, message and log tail. */
export function taskErrorOf(
  fact: TaskFact,
  report: TaskReport | undefined,
  rejected?: FetchedFile | 'unchecked',
): JarcastError | undefined {
  const { taskId, status, hostname } = fact
  if (status?.state === 'TASK_FINISHED' && fact.code === undefined) return undefined
  const message =
    rejectionOf(rejected, status) ??
    fact.message ??
    describeStatus(status) ??
    'nothing is known of its end'
  const details = {
    taskId,
    ...(status === undefined ? {} : { state: status.state }),
    ...(status?.reason === undefined ? {} : { reason: status.reason }),
    message,
    ...(hostname === undefined ? {} : { hostname }),
    ...(report?.exitStatus === undefined ? {} : { exitStatus: report.exitStatus }),
    ...(report?.signal === undefined ? {} : { signal: report.signal }),
    ...(report?.logTail === undefined ? {} : { logTail: report.logTail }),
  }
  const code =
    (fact.code as ErrorCode | undefined) ?? report?.code ?? codeOf(status, rejected !== undefined)
  const state = status === undefined ? '' : ` ${status.state}`
  return new JarcastError(code, `task ${taskId}${state}: ${message}`, { details })
}

/** Why a task is in this state; undefined if its status says nothing of it. */
export function describeStatus(status: TaskFact['status']): string | undefined {
  return status && (describeTaskEnd(status) ?? status.message)
}

function codeOf(status: TaskFact['status'], isRejected: boolean): ErrorCode {
  if (isRejected) return 'PROGRAM_REJECTED'
  return status === undefined ? 'FRAMEWORK_STOPPED' : 'TASK_FAILED'
}

function rejectionOf(
  program: FetchedFile | 'unchecked' | undefined,
  status: TaskFact['status'],
): string | undefined {
  if (program === 'unchecked')
    return `what the agent's fetcher brought was not run: ${noTool}, so its SHA-256 cannot be computed; install one in the agent's image`
  if (program !== undefined)
    return `what the agent's fetcher brought as ${program.path}, or beside it, does not have the SHA-256 that was shipped (${program.sha256}), so it was not run; see that another server has not taken the jar server's address, and empty the agent's fetcher cache`
  const { message = '', source } = status ?? {}
  if (source !== 'SOURCE_EXECUTOR') return undefined
  if (message.endsWith(` status ${uncheckedExitStatus}`))
    return `${message}: so end commands that find nothing to check their libraries with; ${noTool}`
  if (!message.endsWith(` status ${rejectedExitStatus}`)) return undefined
  return `${message}: so end commands whose libraries are not those that were shipped; its stderr names the file and its SHA-256`
}

const noTool = 'none of sha256sum, shasum, openssl and node is on the PATH there'
