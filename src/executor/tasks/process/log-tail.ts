/** The end of a task's output, for people who look for the cause of a failure. */
export interface LogTail {
  push(chunk: Uint8Array): void
  text(): string
}

/** Keeps the last `maxBytes` bytes pushed. */
export function createLogTail(maxBytes: number): LogTail {
  let kept = Buffer.alloc(0)
  return {
    push(chunk) {
      const all = Buffer.concat([kept, chunk.subarray(-maxBytes)])
      kept = Buffer.from(all.subarray(-maxBytes))
    },
    text() {
      // The cut may have split a character: skip its remaining bytes.
      let start = 0
      while (start < 3 && ((kept[start] ?? 0) & 0xc0) === 0x80) start += 1
      return kept.subarray(start).toString('utf8')
    },
  }
}
