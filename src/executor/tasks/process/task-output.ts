/** Where what a task writes goes: to the sandbox, to the executor's own output, into the result. */
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

/** How much of a task's output its last status update carries. */
export const tailBytes = 4096

/** Keeps what a task gives as its result; `overflow` is called once it is more than `maxBytes`, and no more is kept. */
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

/** Where one output of a task goes. */
export interface OutputRecord {
  push(chunk: Buffer): void
  /** The task writes no more. Resolves when all is written, and never rejects. */
  end(): Promise<void>
}

export interface OutputPlace {
  readonly name: 'stdout' | 'stderr'
  /** The executor's own output, which gets it line by line with the task's id. */
  readonly shared: NodeJS.WriteStream
  readonly tail: LogTail
  readonly sandbox: string
  readonly taskId: string
}

/**
 * Copies what `source` gives to a file of the task and to the executor's output. `source` is paused while the file
 * cannot take more, never after the end of the record. A task that writes nothing leaves no file: a thousand short
 * ones would leave little else.
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
    // A full disk must not end the task, and even less the executor.
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
      // A file that was ended drains no more.
      source.resume()
      const opened = file
      if (opened !== undefined && !broken) await new Promise<void>((done) => opened.end(done))
    },
  }
}

/** Records all of `source`; resolves when it has closed and all is written. */
export async function recordOutput(source: Readable | null, place: OutputPlace): Promise<void> {
  if (source === null) return
  const record = createOutputRecord(source, place)
  source.on('data', record.push)
  source.on('error', () => undefined)
  await new Promise((resolve) => source.once('close', resolve))
  await record.end()
}

/** The folder with what this task wrote. */
function taskFolder(sandbox: string, taskId: string): string {
  const name = isSafeFileName(taskId) ? taskId : encodeURIComponent(taskId).slice(0, 255)
  return join(sandbox, 'tasks', name)
}

/** Without it, what the task writes still goes to the executor's own output. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch {
    // No room is left, or a task has put something else there: its files will not open.
  }
}
