/** GET requests to registries, with timeouts, retries, decoding and safe redirects. */
import { setMaxListeners } from 'node:events'
import * as http from 'node:http'
import * as https from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { defined } from '../../defined.ts'
import { isWebPageType } from '../../domain/web-page.ts'
import { JarcastError } from '../../errors.ts'
import { toFileError } from '../../file-error.ts'
import { backOffMs } from '../../retry-policy.ts'
import { Agents } from './agents.ts'
import type { AgentsOptions } from './agents.ts'
import { decodeBody } from './decode-body.ts'
import type { Body } from './decode-body.ts'
import { packageCache } from './file-cache.ts'
import { requirePace } from './require-pace.ts'
import { takeUserinfo } from './userinfo.ts'

export interface HttpClientOptions extends AgentsOptions {
  /** Attempts per request. Default 4. */
  readonly maxAttempts?: number
  readonly signal?: AbortSignal | undefined
}

export interface GetOptions {
  /** Not sent after a redirect to another origin. */
  readonly headers?: Readonly<Record<string, string>>
  /** `http://[user:password@]host:port` that the request goes through. */
  readonly proxy?: string | undefined
  /**
   * Reads the decoded body of a 200. Called once per attempt; an error ends the attempt. It must
   * limit the size itself. (Requests ask for `identity`; gzip, deflate and br are decoded anyway.)
   */
  readonly read: (body: Body) => Promise<void>
}

export interface HttpClient {
  /**
   * Resolves with the status 200, 404 or 410, after `read`.
   *
   * Rejects with `REGISTRY_REJECTED` for other statuses below 500, `REGISTRY_UNREACHABLE`
   * (retryable) when all attempts fail, or a proxy answers with a web page; `DISK_FULL` and
   * `FILE_UNUSABLE` when `read` cannot write; and with each `JarcastError` that `read` throws.
   */
  get(url: URL, options: GetOptions): Promise<number>
  /** Closes the connections. */
  close(): void
}

const maxRedirects = 5
const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308]
/** Upper bound of the first back-off, ms. */
const firstMs = 400
const userAgent = 'jarcast'

/**
 * Opens no connection yet. Waits between attempts for the time in `Retry-After`, or with
 * exponential back-off from 0.4 s.
 */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const { maxAttempts = 4 } = options
  // Every request listens to this signal; Node would warn of a leak.
  const signal = options.signal && AbortSignal.any([options.signal])
  if (signal !== undefined) setMaxListeners(0, signal)
  const agents = new Agents(options)
  const connection: Connection = { ...options, agents, signal }
  return {
    async get(url, asked) {
      for (let tries = 1; ; tries += 1) {
        const outcome = await attempt(url, asked, connection).catch((error: unknown) =>
          toFailure(error, signal),
        )
        if (!('failure' in outcome) && !isTransient(outcome)) {
          return checkStatus(url, outcome.status)
        }
        if (tries >= maxAttempts) throw unreachable(url, outcome)
        const waitMs = 'failure' in outcome ? undefined : outcome.retryAfterMs
        await sleep(waitMs ?? backOffMs(tries, { firstMs }), undefined, { signal })
      }
    },
    close: () => agents.close(),
  }
}

interface Connection extends Pick<HttpClientOptions, 'signal' | 'idleTimeoutMs'> {
  readonly agents: Agents
}

/** One attempt, with its redirects. */
async function attempt(
  url: URL,
  asked: GetOptions,
  connection: Connection,
  redirects = 0,
): Promise<Answer> {
  const answer = await request(url, asked, connection)
  const status = answer.statusCode ?? 0
  try {
    const { location } = answer.headers
    if (redirectStatuses.includes(status) && location !== undefined) {
      answer.resume()
      const target = redirectTarget(url, location, redirects)
      const next = target.origin === url.origin ? asked : withoutHeaders(asked)
      return await attempt(target, next, connection, redirects + 1)
    }
    if (status === 200) {
      const body = decodeBody(answer)
      if (body === undefined) throw rejected(url, `answers in ${encodingOf(answer)}`, status)
      await asked.read(body)
    } else answer.resume()
    const isPage = isWebPageType(answer.headers['content-type'])
    return { status, isPage, retryAfterMs: retryAfterOf(answer) }
  } catch (error) {
    answer.destroy()
    throw error
  }
}

/** Credentials are for the first server only. */
function withoutHeaders({ headers: _, ...rest }: GetOptions): GetOptions {
  return rest
}

interface Answer {
  readonly status: number
  readonly isPage: boolean
  readonly retryAfterMs: number | undefined
}

interface Failure {
  readonly failure: unknown
}

/** Without user, password and query. */
function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname}`
}

async function request(
  url: URL,
  { headers = {}, proxy }: GetOptions,
  { agents, signal, idleTimeoutMs }: Connection,
): Promise<http.IncomingMessage> {
  const { request: send } = url.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    // A user and password in a redirect come from the registry, not from the user.
    const sent = send(takeUserinfo(url).url, {
      agent: agents.for(proxy),
      headers: { 'user-agent': userAgent, 'accept-encoding': 'identity', ...headers },
      ...defined({ signal }),
    })
    requirePace(sent, idleTimeoutMs === undefined ? undefined : idleTimeoutMs / 2)
    sent.once('response', resolve)
    sent.once('error', reject)
    sent.end()
  })
}

function redirectTarget(from: URL, location: string, redirects: number): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  const isSafe =
    to?.protocol === 'https:' || (to?.protocol === 'http:' && from.protocol === 'http:')
  if (to !== undefined && isSafe && redirects < maxRedirects) return to
  const why = isSafe ? 'too often' : 'to an unsafe address'
  throw rejected(from, `redirects ${why}`)
}

/** Statuses for which registries send web pages of their own. */
const ownPages: readonly number[] = [200, 401, 404, 407, 410]

/** A web page with an unusual status may come from a proxy. */
function isTransient({ status, isPage }: Answer): boolean {
  return status >= 500 || status === 408 || status === 429 || (isPage && !ownPages.includes(status))
}

function checkStatus(url: URL, status: number): number {
  if ([200, 404, 410].includes(status)) return status
  const hint = [401, 403, 407].includes(status) ? '; check the credentials for it' : ''
  throw rejected(url, `answers ${status}${hint}`, status)
}

/** Rethrows an abort and errors of `read` that are not retryable; others lead to a retry. */
function toFailure(error: unknown, signal: AbortSignal | undefined): Failure {
  if (signal?.aborted === true) throw signal.reason
  // A full local disk is not a fault of the server, and a retry does not help.
  const known = toFileError(error, packageCache)
  if (known instanceof JarcastError && !known.retryable) throw known
  return { failure: known }
}

function encodingOf({ headers }: http.IncomingMessage): string {
  const encoding = JSON.stringify(headers['content-encoding'] ?? '').slice(0, 50)
  return `content-encoding ${encoding}, which was not requested`
}

function retryAfterOf({ headers }: http.IncomingMessage): number | undefined {
  const seconds = Number(headers['retry-after'])
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 30) * 1000 : undefined
}

function unreachable(url: URL, outcome: Answer | Failure): JarcastError {
  const cause = 'failure' in outcome ? outcome.failure : undefined
  if (cause instanceof JarcastError) return cause
  const { code, message: text } = (cause ?? {}) as Partial<NodeJS.ErrnoException>
  const why = 'failure' in outcome ? (code ?? text ?? 'no answer') : describe(outcome)
  const hint = protocolHint(url, why)
  const message = `${shownUrl(url)} cannot be fetched: ${why}${hint}`
  return new JarcastError('REGISTRY_UNREACHABLE', message, {
    cause,
    retryable: true,
    details: { url: shownUrl(url) },
  })
}

function describe({ status, isPage }: Answer): string {
  return isPage
    ? `answers ${status} with a web page; is there a proxy in between?`
    : `answers ${status}`
}

function protocolHint({ protocol }: URL, why: string): string {
  if (protocol === 'http:' && (why === 'ECONNRESET' || why.startsWith('HPE_')))
    return '; does the server expect https://?'
  return /^(?:EPROTO|ERR_SSL_WRONG_VERSION_NUMBER)$/.test(why)
    ? '; does the server expect http://?'
    : ''
}

function rejected(url: URL, why: string, status?: number): JarcastError {
  return new JarcastError('REGISTRY_REJECTED', `${shownUrl(url)} ${why}`, {
    details: { url: shownUrl(url), ...defined({ status }) },
  })
}
