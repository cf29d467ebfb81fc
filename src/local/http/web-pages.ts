/** Access of web pages to a server of the cluster. Default: none. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import { findForeignRequest } from '../../access/foreign-request.ts'
import { writeAnswer } from './http.ts'
import type { Answer } from './http.ts'

export interface WebPageRules {
  readonly hosts: readonly string[]
  readonly origins: readonly string[]
  /** True: any page may read GET answers, as JSONP. */
  readonly jsonp: boolean
}

/** The options of a cluster for web pages. */
export interface WebPageOptions {
  readonly host?: string
  readonly hostnames?: readonly string[]
  readonly allowedHosts?: readonly string[]
  readonly allowedOrigins?: readonly string[]
  readonly jsonp?: boolean
}

/** Makes the rules: the cluster's own host names are allowed besides `allowedHosts`. */
export function webPageRules(options: WebPageOptions): WebPageRules {
  const { allowedHosts = [], allowedOrigins = [], host = '', hostnames = [], jsonp } = options
  const bound = isIP(host) === 0 ? [host] : []
  return {
    hosts: [...bound, ...hostnames, ...allowedHosts],
    origins: allowedOrigins,
    jsonp: jsonp === true,
  }
}

/**
 * Refuses requests of pages from another origin with 403. Answers preflight requests of allowed
 * origins, and lets them read answers. Returns true if the request is answered. Source: WHATWG
 * Fetch, "CORS protocol".
 */
export function answerWebPage(
  request: IncomingMessage,
  response: ServerResponse,
  rules: WebPageRules,
): boolean {
  const answer = refuse(request, rules) ?? allow(request, response, rules)
  if (answer !== undefined) writeAnswer(response, answer)
  return answer !== undefined
}

function refuse(request: IncomingMessage, rules: WebPageRules): Answer | undefined {
  const { headers, method, rawHeaders } = request
  const isJsonp = /[?&]jsonp=/u.test(request.url ?? '')
  if (isJsonp && !rules.jsonp) return forbidden('JSONP is off', '--jsonp (jsonp)')
  const isScript = isJsonp && method === 'GET'
  // A script element sends no Origin, so only the host can be checked.
  const { host } = headers
  const asked = isScript ? { method, rawHeaders, headers: { host } } : request
  const reason = findForeignRequest(asked, rules)
  if (reason === undefined) return undefined
  return forbidden(reason, '--allow-host or --allow-origin (allowedHosts, allowedOrigins)')
}

function forbidden(reason: string, flags: string): Answer {
  return { status: 403, body: `${reason}; to allow it, start the cluster with ${flags}\n` }
}

function allow(
  { headers, method }: IncomingMessage,
  response: ServerResponse,
  { origins }: WebPageRules,
): Answer | undefined {
  const { origin } = headers
  if (origins.length > 0) response.setHeader('Vary', 'Origin')
  if (origin === undefined || !origins.includes(origin)) return undefined
  response.setHeader('Access-Control-Allow-Origin', origin)
  response.setHeader('Access-Control-Expose-Headers', 'Mesos-Stream-Id')
  if (method !== 'OPTIONS') return undefined
  return {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': 'GET, POST',
      'Access-Control-Allow-Headers': 'Accept, Authorization, Content-Type, Mesos-Stream-Id',
    },
  }
}
