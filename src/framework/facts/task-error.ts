/** The error for a task that did not finish. */
import { minimumNode } from '../../domain/runtimes/platforms.ts'
import { rejectedExitStatus, uncheckedExitStatus } from '../../domain/tasks/check-command.ts'
import { defined } from '../../defined.ts'
import type { TaskReport } from '../../domain/tasks/task-report.ts'
import { JarcastError } from '../../errors.ts'
import type { ErrorCode } from '../../errors.ts'
import type { TaskFact } from '../../machines/scheduler/tasks/task-fact.ts'
import { describeTaskEnd } from './describe-task-end.ts'
import type { LackingRuntime, RejectedProgram } from './rejected-programs.ts'

/**
 * Undefined for a task that finished. `details` of the error: task id, state, reason, message,
 * host, exit status, signal, log tail, as far as known.
 */
export function taskErrorOf(
  fact: TaskFact,
  report: TaskReport | undefined,
  rejected?: RejectedProgram,
): JarcastError | undefined {
  const { taskId, status, hostname } = fact
  if (status?.state === 'TASK_FINISHED' && fact.code === undefined) return undefined
  const message =
    rejectionOf(rejected, status) ?? fact.message ?? describeStatus(status) ?? 'its end is unknown'
  const details = {
    taskId,
    ...defined({ state: status?.state, reason: status?.reason }),
    message,
    ...defined({
      hostname,
      exitStatus: report?.exitStatus,
      signal: report?.signal,
      logTail: report?.logTail,
    }),
  }
  const code = (fact.code as ErrorCode | undefined) ?? report?.code ?? codeOf(status, rejected)
  const state = status === undefined ? '' : ` ${status.state}`
  return new JarcastError(code, `task ${taskId}${state}: ${message}`, { details })
}

/** Why a task is in this state; undefined if the status gives no reason. */
export function describeStatus(status: TaskFact['status']): string | undefined {
  return status && (describeTaskEnd(status) ?? status.message)
}

function codeOf(status: TaskFact['status'], rejected: RejectedProgram | undefined): ErrorCode {
  if (isLackingRuntime(rejected)) return 'RUNTIME_MISSING'
  if (rejected !== undefined) return 'PROGRAM_REJECTED'
  return status === undefined ? 'FRAMEWORK_STOPPED' : 'TASK_FAILED'
}

function rejectionOf(
  program: RejectedProgram | undefined,
  status: TaskFact['status'],
): string | undefined {
  if (program === 'unchecked')
    return `the files of the agent's fetcher were not run: ${noTool}, so their SHA-256 cannot be computed; install one in the agent's image`
  if (isLackingRuntime(program)) return describeLack(program)
  if (program !== undefined)
    return `${program.path} of the agent's fetcher, or a file beside it, does not have the SHA-256 that was shipped (${program.sha256}), so it was not run; check that no other server has taken the jar server's address, and empty the agent's fetcher cache`
  const { message = '', source } = status ?? {}
  if (source !== 'SOURCE_EXECUTOR') return undefined
  if (message.endsWith(` status ${uncheckedExitStatus}`))
    return `${message}: the command could not check its libraries; ${noTool}`
  if (!message.endsWith(` status ${rejectedExitStatus}`)) return undefined
  return `${message}: a library is not the one that was shipped; stderr names the file and its SHA-256`
}

function isLackingRuntime(program: RejectedProgram | undefined): program is LackingRuntime {
  return typeof program === 'object' && 'runtime' in program
}

function describeLack({ runtime, why, platform }: LackingRuntime): string {
  const install = `install Node.js ${minimumNode.major}.${minimumNode.minor} or newer there`
  const ship = 'or ship one that fits with --runtime node=ARCHIVE'
  if (runtime === 'unusable')
    return `the Node.js that was shipped does not start on its agent; the executor's stderr has the reason; ${install}, ${ship}`
  const none = `its agent ${platform === undefined ? '' : `(${platform}) `}has no Node.js that fits`
  if (runtime === 'unavailable') return `${none}, and none could be shipped: ${why}; ${install}`
  const isMusl = platform?.endsWith('-musl') === true
  const lack = isMusl ? 'and npm has no build for musl' : 'and none is shipped for its platform'
  return `${none}, ${lack}; ${install}${isMusl ? ' (on Alpine: apk add nodejs)' : ''}, ${ship}`
}

const noTool = 'none of sha256sum, shasum, openssl and node is on the PATH there'
