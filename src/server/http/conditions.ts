/**
 * Conditional requests on representations that have a strong entity tag and no modification date,
 * so that `If-Modified-Since`, `If-Unmodified-Since` and a date in `If-Range` are never true of
 * them.
 * Source: RFC 9110 sections 8.8.3.2 and 13.
 */
import type { IncomingHttpHeaders } from 'node:http'

const entityTag = String.raw`(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"`
// Each character has one place in this pattern: a long header cannot make it backtrack.
const entityTagList = new RegExp(String.raw`^[ \t,]*(?:${entityTag}[ \t]*(?:,[ \t,]*|$))+$`)

/**
 * The status that the preconditions of a GET or HEAD ask for: 412 when `If-Match` fails, 304 when
 * `If-None-Match` does, else undefined. A malformed list matches nothing.
 */
export function preconditionStatus(
  headers: IncomingHttpHeaders,
  etag: string,
): 304 | 412 | undefined {
  const ifMatch = headers['if-match']
  const ifNoneMatch = headers['if-none-match']
  if (ifMatch !== undefined && !tagsOf(ifMatch, etag).includes(etag)) return 412
  if (ifNoneMatch === undefined) return undefined
  // Weak comparison: a proxy may have weakened the tag that we sent.
  const tags = tagsOf(ifNoneMatch, etag).map((tag) => tag.replace(/^W\//, ''))
  return tags.includes(etag) ? 304 : undefined
}

/**
 * True when `If-Range` is absent or names exactly this representation: else `Range` must be
 * ignored.
 */
export function rangeApplies(headers: IncomingHttpHeaders, etag: string): boolean {
  const ifRange = headers['if-range']
  return ifRange === undefined || ifRange === etag
}

function tagsOf(header: string, current: string): readonly string[] {
  if (header.trim() === '*') return [current]
  return entityTagList.test(header) ? (header.match(new RegExp(entityTag, 'g')) ?? []) : []
}
