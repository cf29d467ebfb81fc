/** Results within their bound: they travel in a status update, through the agent and the master. */
import type { Json } from '../../../domain/json.ts'
import type { TaskReport } from '../../../domain/tasks/task-report.ts'
import type { HostOutcome } from '../../../machines/task-run/run-report.ts'

/** The outcome of a task that gave `result`; `RESULT_TOO_LARGE` when its JSON has more than `maxResultBytes`. */
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

/** The outcome of a task whose result is too large to travel. */
export function tooLarge(report: TaskReport, maxResultBytes: number): HostOutcome {
  return {
    ok: false,
    message: `the result has more than the ${maxResultBytes} bytes allowed; write it to a file and return its name, or raise maxResultBytes`,
    report: { ...report, code: 'RESULT_TOO_LARGE' },
  }
}
