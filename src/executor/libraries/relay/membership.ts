/** An executor's part in passing a library on: what the scheduler tells it, and what it tells the scheduler. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Authorize } from '../../../domain/libraries/library-access.ts'
import { isRecord, parseJson } from '../../../domain/json.ts'
import { server } from '../../../domain/relay/relay-events.ts'
import type { RelayFault } from '../../../domain/relay/relay-events.ts'
import { stripeCount } from '../../../domain/relay/stripes.ts'
import { JarcastError } from '../../../errors.ts'
import { openUri } from '../transfer/http-get.ts'
import { timeoutSignal } from '../../../timeout-signal.ts'
import { createServerClock } from './server-clock.ts'
import type { ServerClock } from './server-clock.ts'

export interface MembershipOptions {
  /** Of the jar server's endpoint. */
  readonly uri: string
  /** Of the library. */
  readonly sha256: string
  /** Where this executor serves it. */
  readonly port: number
  readonly rack?: string | undefined
  readonly signal: AbortSignal
  /** Signs messages to the jar server. */
  readonly authorize?: Authorize | undefined
  /** Time of the jar server; default: a new one. */
  readonly clock?: ServerClock
}

/** Where a stripe comes from. */
export interface StripeSource {
  /** `ADDRESS:PORT` of an executor, or `server`. */
  readonly id: string
  /** Hosts that it passes through. */
  readonly hops: number
  /** Aborted when another one is to be asked. */
  readonly moved: AbortSignal
}

export interface Membership {
  sourceOf(stripe: number): StripeSource
  /** Tells of a source that failed; resolves when the stripe has another one: the server, if none is named in time. */
  report(stripe: number, source: StripeSource, fault: RelayFault): Promise<void>
  /** Asks no other executor for the stripe any more. */
  takeFromServer(stripe: number): void
  /** The library is here: no more sources are needed. */
  finish(): Promise<void>
  /** It is served no longer. */
  leave(): Promise<void>
}

const answerMs = 1000
/** For the first answer, which the scheduler records before. */
const joinMs = 5000
const maxLineLength = 4096

/**
 * Joins, and resolves with the first answer. Errors: `LIBRARY_UNAVAILABLE` when there is none in time; not retryable where
 * nothing is passed on.
 */
export async function joinRelays(options: MembershipOptions): Promise<Membership> {
  const { uri, sha256, port, rack, signal, authorize, clock = createServerClock() } = options
  const controllers = Array.from({ length: stripeCount }, () => new AbortController())
  const sources = controllers.map(({ signal: moved }): StripeSource => ({
    id: server,
    hops: 1,
    moved,
  }))
  // Stripes that the scheduler has no say in any more.
  const fixed = new Set<number>()
  const listening = new AbortController()
  const common = { sha256, port }

  /** Sends it a second time when the server says that it was made at another time. */
  async function send(
    message: Readonly<Record<string, unknown>>,
    limit: AbortSignal,
  ): Promise<IncomingMessage> {
    const open = (): Promise<IncomingMessage> => {
      const once = { time: clock.now(uri), nonce: randomUUID() }
      const body = JSON.stringify({ ...common, ...once, ...message })
      return openUri(uri, { method: 'POST', body, signal: limit, authorize })
    }
    try {
      return await open()
    } catch (error) {
      const { serverTimeMs } = error instanceof JarcastError ? error.details : {}
      if (typeof serverTimeMs !== 'number') throw error
      clock.learn(uri, serverTimeMs)
      return await open()
    }
  }

  async function post(message: Readonly<Record<string, unknown>>): Promise<void> {
    const response = await send(message, timeoutSignal(answerMs))
    response.resume()
  }

  function move(stripe: number, id: string, hops: number): void {
    const before = sources[stripe]
    if (before?.id === id) return
    const controller = new AbortController()
    sources[stripe] = { id, hops, moved: controller.signal }
    controllers[stripe]?.abort()
    controllers[stripe] = controller
  }

  function take(line: string): void {
    for (const [stripe, { id, hops }] of parseAnswer(line).entries()) {
      if (!fixed.has(stripe)) move(stripe, id, hops)
    }
  }

  async function follow(lines: AsyncIterable<string>): Promise<void> {
    for await (const line of lines) take(line)
  }

  const late = setTimeout(() => listening.abort(), joinMs)
  const response = await send(
    { type: 'join', ...(rack !== undefined && { rack }) },
    AbortSignal.any([signal, listening.signal]),
  ).catch((error: unknown) => {
    clearTimeout(late)
    throw error
  })
  const lines = linesOf(response)
  const first = await lines.next().finally(() => clearTimeout(late))
  if (first.done !== true) take(first.value)
  // A scheduler that is gone tells of no more changes: what fails from then on comes from the server.
  void follow(lines).catch(() => undefined)

  function sourceOf(stripe: number): StripeSource {
    const source = sources[stripe]
    if (source === undefined) throw new RangeError(`there is no stripe ${stripe}`)
    return source
  }

  return {
    sourceOf,
    async report(stripe, source, reason) {
      const limit = timeoutSignal(answerMs)
      const settled = whenAborted(AbortSignal.any([source.moved, limit]))
      await post({ type: 'fail', source: source.id, reason }).catch(() => undefined)
      await settled
      if (sourceOf(stripe) === source) move(stripe, server, 1)
    },
    takeFromServer(stripe) {
      fixed.add(stripe)
      move(stripe, server, 1)
    },
    async finish() {
      await post({ type: 'finish' }).catch(() => undefined)
      listening.abort()
    },
    async leave() {
      await post({ type: 'leave' }).catch(() => undefined)
      listening.abort()
    },
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = ''
  response.setEncoding('utf8')
  for await (const text of response as AsyncIterable<string>) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > maxLineLength) throw new Error('a line is too long')
    // An empty one only shows that the scheduler is there.
    yield* lines.filter((line) => line !== '')
  }
}

const address = /^(?:[\w.-]+|\[[\da-f:.]+\]):\d{1,5}$/i

/** Nothing for what is no answer. */
function parseAnswer(line: string): readonly { readonly id: string; readonly hops: number }[] {
  const value = parseJson(line)
  if (!isRecord(value)) return []
  const { sources, hops } = value
  if (!Array.isArray(sources) || !Array.isArray(hops) || sources.length !== stripeCount) return []
  return sources.map((id: unknown, stripe) => ({
    id: typeof id === 'string' && address.test(id) ? id : server,
    hops: Math.min(100, Math.max(1, Number(hops[stripe]) || 1)),
  }))
}
