/** The output of `--json`: one object per event and line. */
import { isRecord } from '../../domain/json.ts'
import { JarcastError } from '../../errors.ts'
import { jsonEvent, toSafeJson } from '../output/json-event.ts'
import type { OutputLines } from './output/output-printer.ts'
import type { ReportedEvent } from './record/reported-event.ts'

/**
 * `{"event":…,"at":…,…}` with the fields of the event. Errors become code, message and details.
 * `data` of a status is left out: `report` of `task.ended` has it decoded.
 */
export function toJsonLine({ event, at, payload }: ReportedEvent): string {
  // `type` is the name of the event; `event`, in `mesos.refused`, that of the event of Mesos.
  const { type: _, event: mesosEvent, ...rest } = { type: event, event: undefined, ...payload }
  return toSafeJson({ event, at, mesosEvent, ...rest }, { replacer: readable })
}

function readable(key: string, value: unknown): unknown {
  if (value instanceof JarcastError) return errorFields(value)
  if (key !== 'status' || !isRecord(value)) return value
  const { data: _, ...status } = value
  return status
}

/** Lines that a task wrote; bytes that are no UTF-8 become U+FFFD. */
export function toOutputJson({ taskId, attempt, name, bytes }: OutputLines, at: number): string {
  const text = bytes.toString('utf8')
  return jsonEvent('task.output', { taskId, attempt, stream: name, text }, at)
}

function errorFields({ code, message, retryable, details }: JarcastError): object {
  return { code, message, retryable, details }
}
