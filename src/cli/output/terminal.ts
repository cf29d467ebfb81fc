/** An output stream, and what it can show. */
import type { WriteStream } from 'node:tty'
import picocolors from 'picocolors'

export type Colours = ReturnType<typeof picocolors.createColors>

export interface Terminal {
  readonly stream: NodeJS.WritableStream
  /** True if the cursor can be moved, for lines that change. */
  readonly isInteractive: boolean
  readonly colours: Colours
  readonly columns: number
  readonly rows: number
  print(text: string): void
}

/** Width of files and pipes: most results fit in one line. */
const defaultColumns = 200
const defaultRows = 24

/** Colours only on a terminal, and never when NO_COLOR is set (no-color.org). */
export function openTerminal(
  stream: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'rows'>>,
  env: Readonly<NodeJS.ProcessEnv> = process.env,
): Terminal {
  const isInteractive = stream.isTTY === true && env['TERM'] !== 'dumb'
  return {
    stream,
    isInteractive,
    colours: picocolors.createColors(isInteractive && (env['NO_COLOR'] ?? '') === ''),
    get columns() {
      return stream.columns ?? defaultColumns
    },
    get rows() {
      return stream.rows ?? defaultRows
    },
    print: (text) => void stream.write(`${text}\n`),
  }
}
