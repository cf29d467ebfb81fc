/** Writes many lines to a stream that may be slow, or be closed by its reader. */

export interface LineWriter {
  /** False once the reader has left: further lines are dropped. */
  readonly isOpen: boolean
  /** Takes a line. A returned promise resolves once there is room for more. */
  write(line: string): Promise<void> | undefined
  /** Resolves once all lines are written. */
  flush(): Promise<void>
}

const batchLength = 64 * 1024

/** Uses constant memory. Leaves the stream open; an error of it ends the writing, unreported. */
export function createLineWriter(stream: NodeJS.WritableStream): LineWriter {
  let isOpen = true
  let batch = ''

  function flush(): Promise<void> {
    const text = batch
    batch = ''
    if (!isOpen || text === '') return Promise.resolve()
    return new Promise((resolve) => {
      stream.write(text, (error) => {
        if (error) isOpen = false
        resolve()
      })
    })
  }

  return {
    get isOpen() {
      return isOpen
    },
    write(line) {
      batch += `${line}\n`
      return batch.length < batchLength ? undefined : flush()
    },
    flush,
  }
}
