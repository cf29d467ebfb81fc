/** What an event says beside its summary: reasons, messages, exit statuses, and failures. */
import { isRecord } from '../../domain/json.ts'
import { findTaskEnd } from '../../domain/tasks/ends/task-ends.ts'
import { parseTaskReport } from '../../domain/tasks/task-report.ts'
import type { TaskReport } from '../../domain/tasks/task-report.ts'
import { isFailingType } from '../../effects/failing-type.ts'
import type { TaskStatus } from '../../mesos/types.generated.ts'

export interface EventDetail {
  readonly isFailure: boolean
  /** Empty if the event says nothing more. */
  readonly text: string
}

/**
 * Of a status update the reason, exit status, signal, error code and message; of other events, of
 * any machine, what their members of these names say. An event fails if it tells of a task that did
 * not finish, or of a process that did not succeed, or if its type reads like a failure.
 */
export function detailOf(event: { readonly type: string } & object): EventDetail {
  const members = event as Readonly<Record<string, unknown>>
  const { status, update, outcome } = members
  if (event.type === 'mesos.update' && isRecord(status)) return statusDetail(status)
  if (event.type === 'update.stamped' && isRecord(update)) return statusDetail(update)
  if (event.type === 'host.exited' && isRecord(outcome))
    return { isFailure: outcome['ok'] !== true, text: sayAll(outcome, outcome['report']) }
  return { isFailure: isFailingType(event.type), text: sayAll(members, undefined) }
}

const none: Readonly<Record<string, unknown>> = {}

/** A status of Mesos, or the update that an executor makes of one. */
function statusDetail(status: Readonly<Record<string, unknown>>): EventDetail {
  const { state, data, report } = status
  const isEnd = findTaskEnd(status as unknown as TaskStatus) !== undefined
  const told = typeof data === 'string' ? reportIn(data) : report
  return { isFailure: isEnd && state !== 'TASK_FINISHED', text: sayAll(status, told) }
}

function reportIn(data: string): TaskReport | undefined {
  return parseTaskReport(Buffer.from(data, 'base64').toString())
}

/** `REASON_…, exit status 7, TASK_FAILED: what the message says`. */
function sayAll(members: Readonly<Record<string, unknown>>, report: unknown): string {
  // The summary of an event has its own code and signal; those of a report are only here.
  const { signal, code } = isRecord(report) ? report : none
  const { exitStatus = members['exitStatus'] } = isRecord(report) ? report : none
  const { reason, message, error } = members
  const facts = [
    textOf(reason),
    typeof exitStatus === 'number' ? `exit status ${exitStatus}` : undefined,
    textOf(signal),
    textOf(code),
  ].filter((fact) => fact !== undefined)
  const said = textOf(message) ?? textOf(error) ?? messageIn(error)
  return [facts.join(', '), said ?? ''].filter((part) => part !== '').join(': ')
}

function messageIn(error: unknown): string | undefined {
  return isRecord(error) ? textOf(error['message']) : undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
