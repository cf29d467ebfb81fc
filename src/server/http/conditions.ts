/**
 * Conditional requests. All representations have a strong entity tag and no modification date, so
 * `If-Modified-Since`, `If-Unmodified-Since` and a date in `If-Range` are never true.
 * Source: RFC 9110 sections 8.8.3.2 and 13.
 */
import type { IncomingHttpHeaders } from 'node:http'

const entityTag = String.raw`(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"`
// The pattern is unambiguous, so a long header cannot make it backtrack.
const entityTagList = new RegExp(String.raw`^[ \t,]*(?:${entityTag}[ \t]*(?:,[ \t,]*|$))+$`)

/**
 * The status of a GET or HEAD by its preconditions: 412 if `If-Match` fails, 304 if `If-None-Match`
 * fails, else undefined. A malformed list matches nothing.
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

/** False if `If-Range` names another representation: then `Range` must be ignored. */
export function rangeApplies(headers: IncomingHttpHeaders, etag: string): boolean {
  const ifRange = headers['if-range']
  return ifRange === undefined || ifRange === etag
}

function tagsOf(header: string, current: string): readonly string[] {
  if (header.trim() === '*') return [current]
  return entityTagList.test(header) ? (header.match(new RegExp(entityTag, 'g')) ?? []) : []
}
