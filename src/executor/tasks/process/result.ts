/** Limits the size of results: they travel in a status update, through the agent and the master. */
import type { Json } from '../../../domain/json.ts'
import type { TaskReport } from '../../../domain/tasks/task-report.ts'
import type { HostOutcome } from '../../../machines/task-run/run-report.ts'

/**
 * The outcome of a task with a result; `RESULT_TOO_LARGE` for more than `maxResultBytes` of JSON.
 */
export function withResult(
  message: string,
  report: TaskReport,
  result: Json,
  maxResultBytes: number,
): HostOutcome {
  if (Buffer.byteLength(JSON.stringify(result)) > maxResultBytes) {
    return tooLarge(report, maxResultBytes)
  }
  return { ok: true, message, report: { ...report, result } }
}

/** The outcome of a task whose result is too large. */
export function tooLarge(report: TaskReport, maxResultBytes: number): HostOutcome {
  return {
    ok: false,
    message: `the result has more than ${maxResultBytes} bytes: write it to a file and return its name, or raise maxResultBytes`,
    report: { ...report, code: 'RESULT_TOO_LARGE' },
  }
}
