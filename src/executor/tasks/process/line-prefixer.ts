import { StringDecoder } from 'node:string_decoder'

/** Cuts a stream of bytes into whole lines, each with a prefix, for a log that several tasks share. */
export interface LinePrefixer {
  push(chunk: Uint8Array): void
  /** Writes out a last line that has no end. */
  end(): void
}

/** A line longer than this is written in pieces. */
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
