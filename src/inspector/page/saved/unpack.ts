/** Unpacks what a saved page holds: pieces of base64, which together are one gzip stream. */

/**
 * Returns the text in pieces, cut anywhere. Other work gets a turn between pieces; `onPiece` is
 * called after each one. Rejects if they are damaged.
 */
export async function unpack(
  pieces: readonly string[],
  onPiece: () => void = () => {},
): Promise<readonly string[]> {
  let next = 0
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const piece = pieces[next++]
      if (piece === undefined) {
        controller.close()
        return
      }
      controller.enqueue(toBytes(piece))
      onPiece()
      await new Promise((resolve) => setTimeout(resolve, 0))
    },
  })
  const texts: string[] = []
  const reader = packed
    .pipeThrough(new DecompressionStream('gzip'))
    .pipeThrough(new TextDecoderStream())
    .getReader()
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return texts
    texts.push(value)
  }
}

function toBytes(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64)
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index)
  return bytes
}
