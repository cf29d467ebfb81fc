/**
 * Limits the servers that receive npm's credentials. npm's libraries bind a credential to a host
 * name: a redirect, or an address in a package's description, could send it to another port of the
 * host, or over plain http.
 */
import type { Agent, ClientRequest, RequestOptions } from 'node:http'
import { getAgent } from '@npmcli/agent'
import { requirePace } from '../http/require-pace.ts'
import { takeUserinfo } from '../http/userinfo.ts'
import type { NpmOptions } from './npm-option-types.ts'

type Guarded = Agent & { addRequest(request: ClientRequest, options: RequestOptions): void }

/**
 * Agents for npm's libraries. They end responses that are too slow, and send a credential only to
 * its own host and port; over plain http only if the registry is configured with http.
 */
export function guardedAgents(options: NpmOptions): (url: URL) => Agent {
  const credentials = credentialsIn(options)
  const plainHosts = new Set(
    registriesIn(options).flatMap(({ protocol, host }) => (protocol === 'http:' ? [host] : [])),
  )
  const { proxy, httpsProxy, noProxy, maxSockets, localAddress, timeout, strictSSL, ca } = options

  const idleMs = typeof timeout === 'number' && timeout > 0 ? timeout : 30_000

  function mayCarry(authorization: string, url: URL): boolean {
    if (url.protocol !== 'https:' && !plainHosts.has(url.host)) return false
    return credentials.some(
      (known) =>
        known.authorization === authorization &&
        new URL(`${url.protocol}//${known.host}`).host === url.host,
    )
  }

  return (url) => {
    const agent = getAgent(url.href, {
      proxy: httpsProxy ?? proxy,
      noProxy,
      maxSockets,
      localAddress,
      timeout: idleMs,
      rejectUnauthorized: strictSSL !== false,
      ca,
    }) as Guarded
    // Every request passes here, including those after redirects.
    const addRequest = (request: ClientRequest, asked: RequestOptions): void => {
      const authorization = request.getHeader('authorization')
      if (authorization !== undefined && !mayCarry(String(authorization), url))
        request.removeHeader('authorization')
      requirePace(request, Math.min(idleMs / 2, 15_000))
      agent.addRequest(request, asked)
    }
    return Object.create(agent, { addRequest: { value: addRequest } }) as Agent
  }
}

/** Moves user and password from registry addresses to credentials. */
export function takeRegistryUserinfo(options: NpmOptions): NpmOptions {
  const taken = Object.entries(options).flatMap(([name, value]) => {
    const address = isRegistry(name) ? toUrl(value) : undefined
    const { url, user, password } = takeUserinfo(address ?? new URL('http://none'))
    if (address === undefined || `${user}${password}` === '') return []
    const key = `//${url.host}${url.pathname.replace(/\/*$/, '/')}:_auth`
    const auth = Buffer.from(`${user}:${password}`).toString('base64')
    return [
      [name, url.href],
      [key, options[key] ?? auth],
    ]
  })
  return { ...options, ...(Object.fromEntries(taken) as NpmOptions) }
}

/** Source: npm's "npmrc", "Auth related configuration". */
function credentialsIn(options: NpmOptions) {
  return Object.entries(options).flatMap(([name, value]) => {
    const [, host, path = '', kind] =
      /^\/\/([^/]+)(\/.*|):(_authToken|_auth|username)$/.exec(name) ?? []
    if (host === undefined || kind === undefined || typeof value !== 'string') return []
    if (!URL.canParse(`https://${host}`)) return []
    return [
      { host, authorization: authorizationOf(kind, value, options[`//${host}${path}:_password`]) },
    ]
  })
}

function authorizationOf(kind: string, value: string, password: unknown): string {
  if (kind === '_authToken') return `Bearer ${value}`
  if (kind === '_auth') return `Basic ${value}`
  const secret = Buffer.from(typeof password === 'string' ? password : '', 'base64').toString(
    'utf8',
  )
  return `Basic ${Buffer.from(`${value}:${secret}`).toString('base64')}`
}

function registriesIn(options: NpmOptions): readonly URL[] {
  return Object.entries(options).flatMap(([name, value]) =>
    isRegistry(name) ? (toUrl(value) ?? []) : [],
  )
}

function isRegistry(name: string): boolean {
  return name === 'registry' || name.endsWith(':registry')
}

function toUrl(value: unknown): URL | undefined {
  return typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined
}
