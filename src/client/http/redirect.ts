import { JarcastError } from '../../errors.ts'

/** `host:port`, without the slashes that would make it a URL reference; IPv6 in brackets. */
const bareAuthority = /^(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+):\d{1,5}(?=\/|$)/i

/** True for the answers whose `Location` a POST may follow with its method and body kept. */
export function isRedirect(status: number | undefined): boolean {
  return status === 307 || status === 308
}

/**
 * Where an answer redirects a call that went to `from`.
 *
 * Takes every form that is seen: `//host:port/path` (what a Mesos master sends: the scheme stays),
 * absolute, a path alone, and `host:port` as in Mesos' documentation. A location without a path
 * keeps that of the call.
 * Errors: `REDIRECT_INVALID` (retryable) when there is none, when it cannot be read, when it is not
 * http or https, or when it would leave https. User and password in it are dropped.
 * Source: RFC 9110, 10.2.2 and 15.4.8; apache/mesos docs/scheduler-http-api.md, "Master Detection".
 */
export function resolveRedirect(from: URL, location: string | undefined): URL {
  if (location === undefined || location === '') throw invalid(from, 'without a Location')
  const reference = bareAuthority.test(location) ? `//${location}` : location
  if (!URL.canParse(reference, from.href))
    throw invalid(from, `to ${JSON.stringify(location.slice(0, 200))}`)
  const to = new URL(reference, from)
  if (to.protocol !== 'http:' && to.protocol !== 'https:') throw invalid(from, `to ${to.protocol}`)
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw invalid(from, `from https to ${to.origin}`)
  }
  to.username = ''
  to.password = ''
  to.hash = ''
  if (to.pathname === '/') to.pathname = from.pathname
  return to
}

function invalid(from: URL, what: string): JarcastError {
  return new JarcastError('REDIRECT_INVALID', `${from.host} redirects ${what}`, {
    // Another master, or the same one without a proxy in between, may answer better.
    retryable: true,
    details: { url: from.href },
  })
}
