/** What the machines use of Node's `Buffer`, for a page: a text's bytes, as base64. */

/** Characters to a call: of more arguments, the stack overflows. */
const pieceLength = 0x8000

export const Buffer = {
  from(text: string): { toString(encoding: 'base64'): string } {
    const bytes = new TextEncoder().encode(text)
    return { toString: () => btoa(latin1Of(bytes)) }
  },
  byteLength: (text: string): number => new TextEncoder().encode(text).length,
}

function latin1Of(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += pieceLength)
    text += String.fromCharCode(...bytes.subarray(at, at + pieceLength))
  return text
}
