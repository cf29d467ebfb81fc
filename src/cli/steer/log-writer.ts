/** Writes the output that `jarcast logs` reads: byte by byte, or as events. */
import { createByteWriter } from '../output/byte-writer.ts'
import { jsonEvent } from '../output/json-event.ts'
import { toOutputJson } from '../report/event-json.ts'
import { createLineSplitter } from '../report/output/line-splitter.ts'

export interface LogWriter {
  /** Of an attempt of the task. Resolves once there is room for more; false once the reader has left. */
  write(bytes: Uint8Array, attempt: number): Promise<boolean>
  /** Writes the rest; with `--json` a summary. */
  end(): Promise<void>
}

export function createRawLogWriter(): LogWriter {
  return createByteWriter(process.stdout)
}

/** Lines as events `task.output`, then `logs.summary`. */
export function createJsonLogWriter(taskId: string, name: 'stdout' | 'stderr'): LogWriter {
  const linesIn = createLineSplitter()
  let last = 1
  let total = 0

  function print(text: string): Promise<boolean> {
    return new Promise((resolve) => {
      process.stdout.write(`${text}\n`, (error) => resolve(!error))
    })
  }

  async function give(attempt: number, bytes: Uint8Array, isLast: boolean): Promise<boolean> {
    const lines = linesIn({ taskId, attempt, name, bytes, isLast })
    if (lines.length === 0) return true
    return await print(toOutputJson({ taskId, attempt, name, bytes: lines }, Date.now()))
  }

  return {
    async write(bytes, attempt) {
      if (attempt !== last) await give(last, new Uint8Array(), true)
      last = attempt
      total += bytes.length
      return await give(attempt, bytes, false)
    },
    async end() {
      await give(last, new Uint8Array(), true)
      await print(jsonEvent('logs.summary', { taskId, attempt: last, stream: name, bytes: total }))
    },
  }
}
