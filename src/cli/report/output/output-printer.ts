/** Prints the lines that tasks write: stdout and stderr apart, behind the name of their task. */
import { printable, shorten } from '../../output/printable.ts'
import type { Terminal } from '../../output/terminal.ts'
import type { LiveView } from '../live/live-view.ts'

/** Whole lines of one file of a task. */
export interface OutputLines {
  readonly taskId: string
  readonly attempt: number
  readonly name: 'stdout' | 'stderr'
  readonly bytes: Buffer
}

export interface OutputPrinterOptions {
  readonly terminal: Terminal
  /** Lines that change on this terminal: output is printed above them. */
  readonly live: Pick<LiveView, 'write'> | undefined
  /** True with several tasks. */
  readonly hasPrefix: boolean
  /** Default: that of the process. */
  readonly stderr?: NodeJS.WriteStream
}

/** Resolves once there is room for more; with false once the reader has left. */
export type PrintOutput = (lines: OutputLines) => Promise<boolean>

const maxName = 40

export function createOutputPrinter({
  terminal,
  live,
  hasPrefix,
  stderr = process.stderr,
}: OutputPrinterOptions): PrintOutput {
  const { cyan, magenta, blue, green } = terminal.colours
  const paints = [cyan, magenta, blue, green]
  const known = new Map<string, (text: string) => string>()

  /** Each task has its colour. */
  function paintOf(taskId: string): (text: string) => string {
    const paint = known.get(taskId) ?? paints[known.size % paints.length] ?? cyan
    known.set(taskId, paint)
    return paint
  }

  return async ({ taskId, name, bytes }) => {
    const stream: Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean } =
      name === 'stdout' ? terminal.stream : stderr
    const prefix = hasPrefix ? `[${shorten(taskId, maxName)}] ` : ''
    if (stream.isTTY !== true) return await write(stream, withPrefix(bytes, prefix))
    const shown = printable(withoutLineEnd(bytes.toString('utf8')))
    const text = prefixed(shown, prefix === '' ? '' : paintOf(taskId)(prefix))
    if (live === undefined) return await write(stream, `${text}\n`)
    await live.write(text)
    return true
  }
}

/** Byte by byte, whatever their encoding is. */
function withPrefix(bytes: Buffer, prefix: string): Buffer {
  const text = withoutLineEnd(bytes.toString('latin1'))
  return Buffer.from(`${prefixed(text, Buffer.from(prefix).toString('latin1'))}\n`, 'latin1')
}

function prefixed(text: string, prefix: string): string {
  return prefix === '' ? text : `${prefix}${text.replaceAll('\n', `\n${prefix}`)}`
}

function withoutLineEnd(text: string): string {
  return text.endsWith('\n') ? text.slice(0, -1) : text
}

function write(
  stream: Pick<NodeJS.WriteStream, 'write'>,
  chunk: string | Buffer,
): Promise<boolean> {
  return new Promise((resolve) => {
    stream.write(chunk, (error) => resolve(!error))
  })
}
