/**
 * Names in archives and of files are bytes. This module decodes them to text without loss: a byte
 * that is not UTF-8 becomes one of U+DC80 to U+DCFF, which no UTF-8 decodes to.
 * Source: PEP 383, for the escapes.
 */
import { isUtf8 } from 'node:buffer'

const escaped = /[\u{dc80}-\u{dcff}]/gu
const hasEscape = new RegExp(escaped, 'u')

/** Decodes UTF-8. A name in any other encoding gets an escape for each byte above 0x7f. */
export function decodeName(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  return Array.from(bytes, (byte) => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join(
    '',
  )
}

/** Converts a path with decoded names to a path for the file system. */
export function toSystemPath(path: string): string | Buffer {
  if (!hasEscape.test(path)) return path
  const parts = path.split(/([\u{dc80}-\u{dcff}]+)/u)
  // latin1 encodes an escape as its low byte.
  return Buffer.concat(
    parts.map((part, index) => Buffer.from(part, index % 2 === 0 ? 'utf8' : 'latin1')),
  )
}

/** Formats a name for messages, with escapes as `\xNN`. */
export function showName(path: string): string {
  return path.replaceAll(escaped, (byte) => `\\x${(byte.charCodeAt(0) & 0xff).toString(16)}`)
}

// Characters from 0x80. Source: Unicode Consortium, MAPPINGS/VENDORS/MICSFT/PC/CP437.TXT.
const cp437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧' +
  '╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0'

export function decodeCp437(bytes: Buffer): string {
  return Array.from(bytes, (byte) =>
    byte < 0x80 ? String.fromCharCode(byte) : cp437[byte - 0x80],
  ).join('')
}
