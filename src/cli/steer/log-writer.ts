/** Writes the output that `jarcast logs` reads: byte by byte, or as events. */
import { createByteWriter } from '../output/byte-writer.ts'
import { jsonEvent } from '../output/json-event.ts'
import { toOutputJson } from '../report/event-json.ts'
import { createLineSplitter } from '../report/output/line-splitter.ts'

export interface LogWriter {
  /** What follows is of this attempt of the task. */
  begin(attempt: number): void
  /** Resolves once there is room for more; false once the reader has left. */
  write(bytes: Uint8Array): Promise<boolean>
  /** Writes the rest; with `--json` a summary. */
  end(): Promise<void>
}

export function createRawLogWriter(): LogWriter {
  return { begin: () => undefined, ...createByteWriter(process.stdout) }
}

/** Lines as events `task.output`, then `logs.summary`. */
export function createJsonLogWriter(
  taskId: string,
  name: 'stdout' | 'stderr',
  output: NodeJS.WritableStream = process.stdout,
): LogWriter {
  const linesIn = createLineSplitter()
  let attempt = 1
  let total = 0

  function print(text: string): Promise<boolean> {
    return new Promise((resolve) => {
      output.write(`${text}\n`, (error) => resolve(!error))
    })
  }

  async function give(bytes: Uint8Array, isLast: boolean): Promise<boolean> {
    const lines = linesIn({ taskId, attempt, name, bytes, isLast })
    if (lines.length === 0) return true
    return await print(toOutputJson({ taskId, attempt, name, bytes: lines }, Date.now()))
  }

  return {
    begin(next) {
      // The line that the attempt before has begun.
      void give(new Uint8Array(), true)
      attempt = next
    },
    async write(bytes) {
      total += bytes.length
      return await give(bytes, false)
    },
    async end() {
      await give(new Uint8Array(), true)
      await print(jsonEvent('logs.summary', { taskId, attempt, stream: name, bytes: total }))
    },
  }
}
