/** What web pages may ask of a server of the cluster: nothing, unless an option says so. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import { findForeignRequest } from '../../access/foreign-request.ts'
import type { LocalClusterOptions } from '../cluster-options.ts'
import { writeAnswer, type Answer } from './http.ts'

export interface WebPageRules {
  readonly hosts: readonly string[]
  readonly origins: readonly string[]
  /** Any page may read over GET, as JSONP. */
  readonly jsonp: boolean
}

/** Names that were given are names of the cluster. */
export function webPageRules(options: LocalClusterOptions): WebPageRules {
  const { allowedHosts = [], allowedOrigins = [], host = '', hostnames = [], jsonp } = options
  const bound = isIP(host) === 0 ? [host] : []
  return {
    hosts: [...bound, ...hostnames, ...allowedHosts],
    origins: allowedOrigins,
    jsonp: jsonp === true,
  }
}

/**
 * Refuses what a page of another origin asks, with 403; answers the preflight requests of those that may, and lets them
 * read answers. True when the request is answered. Source: WHATWG Fetch, "CORS protocol".
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
  // A script element sends no Origin: of what a browser tells, only the host is left to look at.
  const { host } = headers
  const asked = isScript ? { method, rawHeaders, headers: { host } } : request
  const reason = findForeignRequest(asked, rules)
  if (reason === undefined) return undefined
  return forbidden(reason, '--allow-host or --allow-origin (allowedHosts, allowedOrigins)')
}

function forbidden(reason: string, flags: string): Answer {
  return { status: 403, body: `${reason}; whoever starts the cluster allows it with ${flags}\n` }
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
