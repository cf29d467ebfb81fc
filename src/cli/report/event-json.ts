/** `--json`: one object per event and line. */
import { isRecord } from '../../domain/json.ts'
import { JarcastError } from '../../errors.ts'
import type { ReportedEvent } from './reported-event.ts'

/**
 * `{"event":…,"at":…,…}` with the fields of the event itself. Errors become code, message and details. The bytes of a
 * status are left out: `report` of `task.ended` has them decoded.
 */
export function toJsonLine({ event, at, payload }: ReportedEvent): string {
  const fields = payload instanceof JarcastError ? { error: payload } : payload
  // Some payloads name their event themselves.
  const { type: _, ...rest } = { type: event, ...fields }
  const line = JSON.stringify({ event, at, ...rest }, (key, value: unknown) => {
    if (value instanceof JarcastError) return errorFields(value)
    if (key !== 'status' || !isRecord(value)) return value
    const { data: _, ...status } = value
    return status
  })
  // JSON leaves them as they are, and some terminals take them for commands.
  return line.replaceAll(/[\u007f-\u009f]/g, escapeCharacter)
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function errorFields({ code, message, retryable, details }: JarcastError): object {
  return { code, message, retryable, details }
}
