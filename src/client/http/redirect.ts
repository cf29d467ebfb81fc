import { JarcastError } from '../../errors.ts'

/** `host:port`, without the slashes that would make it a URL reference; IPv6 in brackets. */
const bareAuthority = /^(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+):\d{1,5}(?=\/|$)/i

/** True if a POST follows the `Location` with its method and body. */
export function isRedirect(status: number | undefined): boolean {
  return status === 307 || status === 308
}

/**
 * The target of a redirect of a call to `from`.
 *
 * Accepts `//host:port/path` (sent by Mesos masters; keeps the scheme), absolute URLs, paths, and
 * `host:port` as in Mesos' documentation. A location without a path keeps the path of the call.
 * Drops user and password.
 * Errors: `REDIRECT_INVALID` (retryable) if the location is missing or unreadable, is not http or
 * https, or leaves https.
 * Source: RFC 9110, 10.2.2 and 15.4.8; apache/mesos docs/scheduler-http-api.md, "Master Detection".
 */
export function resolveRedirect(from: URL, location: string | undefined): URL {
  if (location === undefined || location === '') throw invalidRedirect(from, 'without a Location')
  const reference = bareAuthority.test(location) ? `//${location}` : location
  if (!URL.canParse(reference, from.href))
    throw invalidRedirect(from, `to ${JSON.stringify(location.slice(0, 200))}`)
  const to = new URL(reference, from)
  if (to.protocol !== 'http:' && to.protocol !== 'https:')
    throw invalidRedirect(from, `to ${to.protocol}`)
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw invalidRedirect(from, `from https to ${to.origin}`)
  }
  to.username = ''
  to.password = ''
  to.hash = ''
  if (to.pathname === '/') to.pathname = from.pathname
  return to
}

function invalidRedirect(from: URL, what: string): JarcastError {
  return new JarcastError('REDIRECT_INVALID', `${from.host} redirects ${what}`, {
    // Another master may answer, or this one when the proxy in between is gone.
    retryable: true,
    details: { url: from.href },
  })
}
