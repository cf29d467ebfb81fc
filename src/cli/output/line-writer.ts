/** Many lines for a stream that may be slow, or be closed by whoever read enough of it. */

export interface LineWriter {
  /** False once nobody reads any more: what is written then is dropped. */
  readonly isOpen: boolean
  /** Takes a line; resolves when there is room for more, if there is not already. */
  write(line: string): Promise<void> | undefined
  /** Resolves when everything was handed over. */
  flush(): Promise<void>
}

const batchLength = 64 * 1024

/** A writer in constant memory. The stream stays open; its errors end the writing and are nobody else's. */
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
