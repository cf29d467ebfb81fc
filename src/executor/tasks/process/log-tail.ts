/** The end of what a task wrote: what a person wants to see of it when it failed. */
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
      // The cut may have gone through a character: leave out the bytes of it that remain.
      let start = 0
      while (start < 3 && ((kept[start] ?? 0) & 0xc0) === 0x80) start += 1
      return kept.subarray(start).toString('utf8')
    },
  }
}
