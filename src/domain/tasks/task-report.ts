/**
 * The report in an executor's last update of a task: the JSON in `TaskStatus.data` (mesos.proto).
 */
import { defined } from '../../defined.ts'
import type { ErrorCode } from '../../errors.ts'
import { isCount, isRecord, isText, parseJson } from '../json.ts'
import type { Json } from '../json.ts'

/** `TaskStatus.data` of a terminal update. */
export interface TaskReport {
  readonly version: 1
  readonly result?: Json
  /** Why the task failed, for programs; people read `TaskStatus.message`. */
  readonly code?: ErrorCode
  readonly exitStatus?: number
  readonly signal?: string
  /** The last lines of stdout and stderr; at most 4 KiB. */
  readonly logTail?: string
}

/**
 * Reads `TaskStatus.data`; undefined if it is not a report of jarcast's executor (command tasks
 * have none). The sender is not trusted: a field of a wrong type is left out.
 */
export function parseTaskReport(text: string): TaskReport | undefined {
  const value = parseJson(text)
  if (!isRecord(value) || value['version'] !== 1) return undefined
  const { result, code, exitStatus, signal, logTail } = value
  return {
    version: 1,
    ...defined({ result: result as Json | undefined }),
    ...(isText(code) && { code: code as ErrorCode }),
    ...(isCount(exitStatus) && { exitStatus }),
    ...(isText(signal) && { signal }),
    ...(isText(logTail) && { logTail }),
  }
}
