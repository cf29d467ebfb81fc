/**
 * Keeps web pages of others away from a server: a browser runs scripts of strangers, inside the network and on the
 * host that the server trusts. Two ways are closed: a name of the page's own that resolves to our address (DNS rebinding,
 * told by Host), and a request from one site to another (told by Sec-Fetch-Site, and Origin where that is missing).
 * Source: W3C Fetch Metadata Request Headers; RFC 6454, 7; net/http's CrossOriginProtection in Go 1.25.
 */
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

export interface RequestRules {
  /** Names by which the server may be called, without port; addresses and `localhost` always may. */
  readonly hosts: readonly string[]
  /** Origins whose pages may call it, such as `https://console.example`. Default none. */
  readonly origins?: readonly string[]
}

type RequestHead = Pick<IncomingMessage, 'method' | 'headers' | 'rawHeaders'>

/**
 * Why the request may not be answered, as one sentence; undefined for one that may. Programs that are no browsers pass
 * by an allowed host: they send neither Origin nor Sec-Fetch-Site. A link that a person follows passes, too.
 */
export function findForeignRequest(request: RequestHead, rules: RequestRules): string | undefined {
  const { headers, method } = request
  const { origin } = headers
  if (countHosts(request) > 1) return 'There is more than one Host header'
  // Of HTTP/1.0, which browsers do not speak; of 1.1 Node refuses it.
  if (headers.host !== undefined && !isAllowedHost(headers.host, rules.hosts)) {
    return `${quote(headers.host)} is no name that this server is known by`
  }
  if (origin !== undefined && rules.origins?.includes(origin) === true) return undefined
  const site = headers['sec-fetch-site']
  if (site === 'same-origin' || site === 'none') return undefined
  if (site !== undefined) {
    return isFollowedLink(method, headers)
      ? undefined
      : 'Web pages of other origins may not ask this'
  }
  if (origin === undefined || hostOf(origin) === headers.host?.toLowerCase()) return undefined
  return `Web pages of ${quote(origin)} may not ask this`
}

function countHosts({ rawHeaders }: RequestHead): number {
  return rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length
}

/** An address cannot be rebound, and nobody can register `localhost`. */
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

/** A page that a person goes to; not one in a frame, and not the sending of a form. */
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

/** Short, and nothing that could steer a terminal. */
function quote(text: string): string {
  return `'${text.slice(0, 100).replaceAll(/[^\w.:/[\]-]/gu, '?')}'`
}
