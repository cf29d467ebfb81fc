/** `--json`: one object per event and line. */
import { isRecord } from '../domain/json.ts'
import { JarcastError } from '../errors.ts'
import type { ReportedEvent } from './reported-event.ts'

/**
 * `{"event":…,"at":…,…}` with the fields of the event itself. Errors become code, message and details. The bytes of a
 * status are left out: `report` of `task.ended` has them decoded.
 */
export function toJsonLine({ event, at, payload }: ReportedEvent): string {
  const fields = payload instanceof JarcastError ? { error: payload } : payload
  // Some payloads name their event themselves.
  const { type: _, ...rest } = { type: event, ...fields }
  return JSON.stringify({ event, at, ...rest }, (key, value: unknown) => {
    if (value instanceof JarcastError) return errorFields(value)
    if (key !== 'status' || !isRecord(value)) return value
    const { data: _, ...status } = value
    return status
  })
}

function errorFields({ code, message, retryable, details }: JarcastError): object {
  return { code, message, retryable, details }
}
