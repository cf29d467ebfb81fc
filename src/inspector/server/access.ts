/**
 * Access to the inspector. On a loopback address: for every program of this machine, but no web
 * page of another origin. Elsewhere: for clients with the token.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { hostname } from 'node:os'
import { findForeignRequest } from '../../access/foreign-request.ts'
import { configInvalid } from '../../errors.ts'

export interface AccessOptions {
  /** Address to listen on. */
  readonly host: string
  /** Needed unless `host` is a loopback address: 16 to 256 letters, digits, `-`, `_`, `.`. */
  readonly token?: string | undefined
  /** Names by which browsers reach this host, besides its addresses and `localhost`. */
  readonly hosts?: readonly string[] | undefined
  /** Origins whose web pages may send frames and read: `http://localhost:5173`. Default none. */
  readonly origins?: readonly string[] | undefined
}

export interface Access {
  /** Why a request is refused from any sender, as one sentence; undefined if it is not. */
  findForeign(req: IncomingMessage): string | undefined
  /** True if the request has the token, or none is needed. */
  isPermitted(req: IncomingMessage): boolean
}

/** Subprotocol of the page. A browser can send nothing else with a WebSocket: no header. */
export const pageProtocol = 'jarcast.inspector'
const tokenProtocol = 'jarcast.token.'
const tokenForm = /^[\w.-]{16,256}$/

/** Throws CONFIG_INVALID for an address that needs a token, and for a token of a wrong form. */
export function createAccess({ host, token, hosts = [], origins = [] }: AccessOptions): Access {
  if (token === undefined && !isLoopback(host)) {
    const remedy = 'give a token in JARCAST_INSPECT_TOKEN or in a file, or listen on 127.0.0.1'
    throw configInvalid('inspect', `anybody can reach the inspector on ${host}: ${remedy}`)
  }
  if (token !== undefined && !tokenForm.test(token)) {
    throw configInvalid('token', 'a token has 16 to 256 letters, digits, -, _ or .')
  }
  const own = isLoopback(host) ? [] : [host, hostname()]
  const rules = { hosts: [...own, ...hosts], origins }
  const wanted = token === undefined ? undefined : digestOf(token)
  return {
    findForeign: (req) => findForeignRequest(req, rules),
    isPermitted: (req) =>
      wanted === undefined ||
      tokensOf(req).some((given) => timingSafeEqual(digestOf(given), wanted)),
  }
}

/** Equal in length, so that comparing them takes the same time. */
function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** From a page: a subprotocol. From a program: bearer, or the password in a URL. */
function tokensOf({ headers }: IncomingMessage): readonly string[] {
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((text) => text.trim())
  const fromPage = protocols.filter((text) => text.startsWith(tokenProtocol)).slice(0, 1)
  const [, scheme, credentials = ''] = /^(\w+) +(.+)$/.exec(headers.authorization ?? '') ?? []
  const fromProgram =
    scheme?.toLowerCase() === 'bearer'
      ? [credentials]
      : scheme?.toLowerCase() === 'basic'
        ? [
            Buffer.from(credentials, 'base64')
              .toString('latin1')
              .replace(/^[^:]*:/, ''),
          ]
        : []
  return [...fromPage.map((text) => text.slice(tokenProtocol.length)), ...fromProgram]
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}
