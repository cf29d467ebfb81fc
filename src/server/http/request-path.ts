/** Enough for a file name of 255 bytes, each of which may be encoded as three characters. */
const maxTargetLength = 4096

/** A path that means the same encoded and decoded: most of ours. No segment begins with a dot. */
const plainPath = /^(?:\/[\w-][\w.-]*)+$/

/**
 * The decoded path of a request target without its query, such as `/blobs/<sha256>/my lib.jar`, or
 * the status of a refusal. Never throws.
 * Paths are only keys of a table, and never joined to a folder. Segments that a proxy in front
 * might read as another path (dots, encoded separators, control characters) are refused all the
 * same.
 * Source: RFC 9112 section 3.2 (origin form and absolute form), RFC 3986 section 2.1.
 */
export function parseRequestPath(target: string): string | 400 | 414 {
  if (target.length > maxTargetLength) return 414
  if (plainPath.test(target)) return target
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/\?.*$/s, '')
  if (path === '') return '/'
  if (!path.startsWith('/') || path.includes('#')) return 400
  if (path === '/') return path
  const segments = path.slice(1).split('/').map(decodeSegment)
  return segments.every(isSafeSegment) ? `/${segments.join('/')}` : 400
}

/**
 * Encodes a path segment of a URI, and characters with a meaning in a shell, since the seed's form
 * is an argument of `/bin/sh SCRIPT uri,uri`. Throws `URIError` for a name with a lone surrogate.
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
  // eslint-disable-next-line no-control-regex -- refuses control characters
  return segment !== undefined && !/^\.{1,2}$|[/\\\u0000-\u001f\u007f]/.test(segment)
}
