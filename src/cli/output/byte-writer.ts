/** Writes bytes to an output that may be slow, or be closed by its reader. */
import { StringDecoder } from 'node:string_decoder'
import { printable } from './printable.ts'

export interface ByteWriter {
  /** Resolves once there is room for more; false once the reader has left. */
  write(bytes: Uint8Array): Promise<boolean>
  /** Writes the rest of an unfinished character. */
  end(): Promise<void>
}

type Output = NodeJS.WritableStream & { readonly isTTY?: boolean }

/** The bytes as they are; on a terminal, without what could control it. Leaves the stream open. */
export function createByteWriter(stream: Output): ByteWriter {
  const decoder = stream.isTTY === true ? new StringDecoder('utf8') : undefined
  let isOpen = true

  function send(chunk: string | Uint8Array): Promise<boolean> {
    if (!isOpen || chunk.length === 0) return Promise.resolve(isOpen)
    return new Promise((resolve) => {
      stream.write(chunk, (error) => {
        if (error) isOpen = false
        resolve(isOpen)
      })
    })
  }

  return {
    write: (bytes) =>
      send(decoder === undefined ? bytes : printable(decoder.write(Buffer.from(bytes)))),
    async end() {
      if (decoder !== undefined) await send(printable(decoder.end()))
    },
  }
}
