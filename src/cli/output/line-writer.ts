/** Writes many lines to a stream that may be slow, or closed by its reader. */

export interface LineWriter {
  /** False after the reader closed the stream: further lines are dropped. */
  readonly isOpen: boolean
  /** Takes a line; resolves when there is room for more, if there is not already. */
  write(line: string): Promise<void> | undefined
  /** Resolves when everything was handed over. */
  flush(): Promise<void>
}

const batchLength = 64 * 1024

/** A writer in constant memory. The stream stays open; an error of it ends only the writing. */
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
