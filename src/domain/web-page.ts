/**
 * Web pages that arrive in place of a file, from a proxy, a gateway or the login page of a network.
 * They often have status 200.
 */

/** Part of an error: what arrived and the likely cause. */
export const pageInPlace =
  'a web page came in its place; does a proxy or login page answer in between?'

/** True for the media type of a web page; `type` is a value of Content-Type. */
export function isWebPageType(type: string | undefined): boolean {
  return /^\s*(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i.test(type ?? '')
}

/**
 * True if `start`, the beginning of a file, is that of a web page and `path` names another type of
 * file.
 */
export function isWebPageInPlaceOf(path: string, start: Buffer): boolean {
  const text = start.subarray(0, 512).toString('latin1')
  return (
    /^(?:\u00ef\u00bb\u00bf)?\s*<(?:!doctype\s+html|html)\b/i.test(text) &&
    !/\.x?html?$/i.test(path)
  )
}
