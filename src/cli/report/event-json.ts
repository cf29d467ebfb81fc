/** The output of `--json`: one object per event and line. */
import { isRecord } from '../../domain/json.ts'
import { JarcastError } from '../../errors.ts'
import type { OutputLines } from './output/output-printer.ts'
import type { ReportedEvent } from './record/reported-event.ts'

/**
 * `{"event":…,"at":…,…}` with the fields of the event. Errors become code, message and details.
 * `data` of a status is left out: `report` of `task.ended` has it decoded.
 */
export function toJsonLine({ event, at, payload }: ReportedEvent): string {
  // `type` is the name of the event; `event`, in `mesos.refused`, that of the event of Mesos.
  const { type: _, event: mesosEvent, ...rest } = { type: event, event: undefined, ...payload }
  const line = JSON.stringify({ event, at, mesosEvent, ...rest }, (key, value: unknown) => {
    if (value instanceof JarcastError) return errorFields(value)
    if (key !== 'status' || !isRecord(value)) return value
    const { data: _, ...status } = value
    return status
  })
  return escaped(line)
}

/** Lines that a task wrote; bytes that are no UTF-8 become U+FFFD. */
export function toOutputJson({ taskId, attempt, name, bytes }: OutputLines, at: number): string {
  const text = bytes.toString('utf8')
  return escaped(JSON.stringify({ event: 'task.output', at, taskId, attempt, stream: name, text }))
}

/** JSON does not escape these, and some terminals obey them. */
function escaped(json: string): string {
  return json.replaceAll(/[\u007f-\u009f]/g, escapeCharacter)
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function errorFields({ code, message, retryable, details }: JarcastError): object {
  return { code, message, retryable, details }
}
