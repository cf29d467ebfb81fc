/**
 * Names in archives are bytes, and so are those of files. Here they are text that keeps every byte:
 * one that is no UTF-8 stands as U+DC80 to U+DCFF, which no UTF-8 decodes to.
 * Source: PEP 383, for the escapes.
 */
import { isUtf8 } from 'node:buffer'

const escaped = /[\u{dc80}-\u{dcff}]/gu
const hasEscape = new RegExp(escaped, 'u')

/** UTF-8, or escapes for each byte above 0x7f of a name that is something else. */
export function decodeName(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  return Array.from(bytes, (byte) => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join(
    '',
  )
}

/** What to give the file system for a path with such names. */
export function toSystemPath(path: string): string | Buffer {
  if (!hasEscape.test(path)) return path
  const parts = path.split(/([\u{dc80}-\u{dcff}]+)/u)
  // Of an escape, latin1 takes the low byte.
  return Buffer.concat(
    parts.map((part, index) => Buffer.from(part, index % 2 === 0 ? 'utf8' : 'latin1')),
  )
}

/** For messages: escapes as `\xNN`. */
export function showName(path: string): string {
  return path.replaceAll(escaped, (byte) => `\\x${(byte.charCodeAt(0) & 0xff).toString(16)}`)
}

// From 0x80 on. Source: Unicode Consortium, MAPPINGS/VENDORS/MICSFT/PC/CP437.TXT.
const cp437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧' +
  '╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0'

export function decodeCp437(bytes: Buffer): string {
  return Array.from(bytes, (byte) =>
    byte < 0x80 ? String.fromCharCode(byte) : cp437[byte - 0x80],
  ).join('')
}
