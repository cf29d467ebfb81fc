/** Where people's output goes, and what it can show. */
import type { WriteStream } from 'node:tty'
import picocolors from 'picocolors'

export type Colours = ReturnType<typeof picocolors.createColors>

export interface Terminal {
  readonly stream: NodeJS.WritableStream
  /** True where a cursor can be moved: then there are progress bars. */
  readonly isInteractive: boolean
  readonly colours: Colours
  readonly columns: number
  print(text: string): void
}

/** Of files and pipes: wide enough to keep most results whole. */
const defaultColumns = 200

/** Colours only on a terminal, and never when NO_COLOR is set (no-color.org). */
export function openTerminal(
  stream: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>,
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
    print: (text) => void stream.write(`${text}\n`),
  }
}
