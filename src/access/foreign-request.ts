/**
 * Refuses requests from foreign web pages, whose scripts a browser runs inside the trusted network.
 * Prevents two attacks: DNS rebinding, where the page's host name resolves to our address (detected
 * by Host), and requests from another site (detected by Sec-Fetch-Site, or by Origin if that is
 * missing).
 * Source: W3C Fetch Metadata Request Headers; RFC 6454, 7; CrossOriginProtection of net/http in Go
 * 1.25.
 */
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

export interface RequestRules {
  /**
   * Allowed host names of the server, without port. IP addresses and `localhost` are always
   * allowed.
   */
  readonly hosts: readonly string[]
  /** Origins whose pages may call the server, such as `https://console.example`. Default none. */
  readonly origins?: readonly string[]
}

type RequestHead = Pick<IncomingMessage, 'method' | 'headers' | 'rawHeaders'>

/**
 * Returns the reason for a refusal, as one sentence; undefined if the request is allowed. Programs
 * other than browsers send neither Origin nor Sec-Fetch-Site, and are allowed if the host is. Links
 * that a person follows are allowed too.
 */
export function findForeignRequest(request: RequestHead, rules: RequestRules): string | undefined {
  const { headers, method } = request
  const { origin } = headers
  if (countHosts(request) > 1) return 'There is more than one Host header'
  // Only HTTP/1.0 may lack Host, and browsers do not speak it.
  if (headers.host !== undefined && !isAllowedHost(headers.host, rules.hosts)) {
    return `${quote(headers.host)} is not a known name of this server`
  }
  if (origin !== undefined && rules.origins?.includes(origin) === true) return undefined
  const site = headers['sec-fetch-site']
  if (site === 'same-origin' || site === 'none') return undefined
  if (site !== undefined) {
    return isFollowedLink(method, headers)
      ? undefined
      : 'Web pages of other origins may not request this'
  }
  if (origin === undefined || hostOf(origin) === headers.host?.toLowerCase()) return undefined
  return `Web pages of ${quote(origin)} may not request this`
}

function countHosts({ rawHeaders }: RequestHead): number {
  return rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length
}

/** DNS rebinding needs a registered name: `localhost` cannot be registered. */
function isAllowedHost(host: string, hosts: readonly string[]): boolean {
  const [, address, text = ''] = /^(?:\[(.*)\]|([^:]*))(?::\d*)?$/u.exec(host) ?? []
  if (address !== undefined) return isIP(address) === 6
  const name = withoutDot(text)
  if (isIP(name) === 4 || name === 'localhost') return true
  return name !== '' && hosts.some((each) => withoutDot(each) === name)
}

function withoutDot(name: string): string {
  return name.toLowerCase().replace(/\.$/u, '')
}

/** True for navigation by a person, but not for frames and forms. */
function isFollowedLink(method: string | undefined, headers: RequestHead['headers']): boolean {
  return (
    (method === 'GET' || method === 'HEAD') &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document'
  )
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

/** Shortens the text and replaces control characters, which a terminal would obey. */
function quote(text: string): string {
  return `'${text.slice(0, 100).replaceAll(/[^\w.:/[\]-]/gu, '?')}'`
}
