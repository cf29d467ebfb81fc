import { StringDecoder } from 'node:string_decoder'

/** Cuts a stream of bytes into lines with a prefix, for a log that several tasks share. */
export interface LinePrefixer {
  push(chunk: Uint8Array): void
  /** Writes the last line, if it has no line end. */
  end(): void
}

/** Longer lines are written in pieces. */
const maxLineLength = 64 * 1024

/** Calls `write` with one or more whole lines at a time, each preceded by `prefix`. */
export function createLinePrefixer(prefix: string, write: (text: string) => void): LinePrefixer {
  const decoder = new StringDecoder('utf8')
  let rest = ''

  function flush(lines: readonly string[]): void {
    if (lines.length > 0) write(lines.map((line) => `${prefix}${line}\n`).join(''))
  }

  return {
    push(chunk) {
      const lines = (rest + decoder.write(Buffer.from(chunk))).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > maxLineLength) {
        lines.push(rest)
        rest = ''
      }
      flush(lines)
    },
    end() {
      const last = rest + decoder.end()
      rest = ''
      if (last !== '') flush([last])
    },
  }
}
