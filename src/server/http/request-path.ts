/**
 * Longest request target that is read: room for a file name of 255 bytes, three each when encoded.
 */
const maxTargetLength = 4096

/**
 * The decoded path of a request target, such as `/blobs/<sha256>/my lib.jar`, or the status that
 * refuses it. The query is not part of it. Never throws.
 * Paths are only keys of a table, never joined to a folder; a segment that would mean another path
 * elsewhere (dots, encoded separators, control characters) is refused all the same, so that no
 * proxy in front is misled.
 * Source: RFC 9112 section 3.2 (origin form and absolute form), RFC 3986 section 2.1.
 */
export function parseRequestPath(target: string): string | 400 | 414 {
  if (target.length > maxTargetLength) return 414
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/\?.*$/s, '')
  if (path === '') return '/'
  if (!path.startsWith('/') || path.includes('#')) return 400
  if (path === '/') return path
  const segments = path.slice(1).split('/').map(decodeSegment)
  return segments.every(isSafeSegment) ? `/${segments.join('/')}` : 400
}

/**
 * One path segment of a URI. Beyond what a URI needs, it encodes what a shell would read: the
 * seed's form hands the URIs to `/bin/sh SCRIPT uri,uri`. Throws `URIError` on a name that is no
 * well-formed text.
 */
export function encodeSegment(name: string): string {
  return encodeURIComponent(name).replace(
    /[!'()*~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

/** Empty segments are harmless: they are in no path of the table. */
function isSafeSegment(segment: string | undefined): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return segment !== undefined && !/^\.{1,2}$|[/\\\u0000-\u001f\u007f]/.test(segment)
}
