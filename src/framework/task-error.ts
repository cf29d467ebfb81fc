/** From how a task ended to the error that its caller gets. */
import type { TaskReport } from '../domain/task-work.ts'
import { JarcastError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import type { TaskFact } from '../machines/task-update.ts'

/** Undefined for a task that finished; else an error whose `details` hold state, reason, message and log tail. */
export function taskErrorOf(
  fact: TaskFact,
  report: TaskReport | undefined,
): JarcastError | undefined {
  const { taskId, status, hostname } = fact
  if (status?.state === 'TASK_FINISHED') return undefined
  const message =
    status?.message ??
    fact.message ??
    (hostname === undefined
      ? 'it was given up before it was launched'
      : 'it was still running when the framework stopped')
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
  const code = (fact.code as ErrorCode | undefined) ?? report?.code ?? codeOf(status)
  const state = status === undefined ? '' : ` ${status.state}`
  return new JarcastError(code, `task ${taskId}${state}: ${message}`, { details })
}

function codeOf(status: TaskFact['status']): ErrorCode {
  return status === undefined ? 'FRAMEWORK_STOPPED' : 'TASK_FAILED'
}
