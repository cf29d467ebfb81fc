/** Copies a task's output to the sandbox, to the executor's own output, and to the result. */
import { createWriteStream, mkdirSync } from 'node:fs'
import type { WriteStream } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { isSafeFileName } from '../../../domain/libraries/library.ts'
import { createLinePrefixer } from './line-prefixer.ts'
import type { LogTail } from './log-tail.ts'

export interface Collector {
  push(chunk: Buffer): void
  overflowed(): boolean
  text(): string
}

/** Bytes of a task's output in its last status update. */
export const tailBytes = 4096

/** Collects the bytes of a result. Calls `overflow` for each chunk beyond `maxBytes`. */
export function createCollector(maxBytes: number, overflow: () => void): Collector {
  const chunks: Buffer[] = []
  let bytes = 0
  return {
    push(chunk: Buffer): void {
      bytes += chunk.length
      if (bytes <= maxBytes) chunks.push(chunk)
      else overflow()
    },
    overflowed: () => bytes > maxBytes,
    text: () => Buffer.concat(chunks).toString('utf8'),
  }
}

/** Takes one output of a task. */
export interface OutputRecord {
  push(chunk: Buffer): void
  /** Ends the output. Resolves when all bytes are written, and never rejects. */
  end(): Promise<void>
}

export interface OutputPlace {
  readonly name: 'stdout' | 'stderr'
  /** The executor's own output, which gets each line with the task id before it. */
  readonly shared: NodeJS.WriteStream
  readonly tail: LogTail
  readonly sandbox: string
  readonly taskId: string
}

/**
 * Copies bytes of `source` to a file of the task and to the executor's output. Pauses `source`
 * while the file cannot take more, but not after the end of the record. A task without output gets
 * no file.
 */
export function createOutputRecord(source: Readable, place: OutputPlace): OutputRecord {
  const { name, shared, tail, sandbox, taskId } = place
  const lines = createLinePrefixer(`[${taskId}] `, (text) => shared.write(text))
  let file: WriteStream | undefined
  let broken = false

  function openFile(): WriteStream {
    const folder = taskFolder(sandbox, taskId)
    makeFolder(folder)
    const opened = createWriteStream(join(folder, name), { flags: 'a', mode: 0o600 })
    // A full disk must end neither the task nor the executor.
    opened.on('error', () => {
      broken = true
      source.resume()
    })
    opened.on('drain', () => source.resume())
    return opened
  }

  return {
    push(chunk) {
      tail.push(chunk)
      lines.push(chunk)
      file ??= openFile()
      if (!broken && !file.write(chunk)) source.pause()
    },
    async end() {
      lines.end()
      // After the end of the file there is no further `drain` event.
      source.resume()
      const opened = file
      if (opened !== undefined && !broken) await new Promise<void>((done) => opened.end(done))
    },
  }
}

/** Records `source`; resolves when it has closed and all bytes are written. */
export async function recordOutput(source: Readable | null, place: OutputPlace): Promise<void> {
  if (source === null) return
  const record = createOutputRecord(source, place)
  source.on('data', record.push)
  source.on('error', () => undefined)
  await new Promise((resolve) => source.once('close', resolve))
  await record.end()
}

/** The folder for the output of a task. */
function taskFolder(sandbox: string, taskId: string): string {
  const name = isSafeFileName(taskId) ? taskId : encodeURIComponent(taskId).slice(0, 255)
  return join(sandbox, 'tasks', name)
}

/** Without the folder, the output still goes to the executor's own output. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch {
    // The disk is full, or a task made a file of this name: opening the output fails later.
  }
}
