/**
 * Where executors say that they fetch a library and pass it on (`POST /relays`), and are told from whom to take it: one line
 * of JSON at once, and another whenever that changes, until they end the connection.
 * Whoever knows the digest of a library may fetch it, and so may take part. An executor is reached where it came from, at the
 * port that it names, and only once it has answered there: nobody can send others to a third.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RelayAnswers, RelayEvent } from '../domain/relay-events.ts'
import { hostInUri } from './advertised-host.ts'
import { finish, refuse, responseOver } from './exchange.ts'
import type { Exchange } from './exchange.ts'
import { canReach } from './relay-probe.ts'
import { maxRelayMessageBytes, parseRelayMessage } from './relay-message.ts'
import type { RelayMessage } from './relay-message.ts'
import { plainAddress } from './traffic.ts'

export interface RelayControl {
  /** Answers a POST. It may reject. */
  answer(exchange: Exchange, path: string): Promise<void>
  /** Tells the hosts that are listening. */
  tell(answers: RelayAnswers): void
  /** Ends what is open, and takes no more. */
  close(): void
}

export interface RelayControlOptions {
  /** True for a library that is passed on. */
  readonly has: (sha256: string) => boolean
  readonly dispatch: (event: RelayEvent) => void
}

interface Listening {
  readonly res: ServerResponse
  hasFinished: boolean
}

const maxListening = 4096
/** Keeps a connection on which nothing changes from being closed as idle. */
const beatMs = 15_000

export function createRelayControl({ has, dispatch }: RelayControlOptions): RelayControl {
  const listening = new Map<string, Listening>()
  let isClosed = false

  async function join(exchange: Exchange, message: RelayMessage, id: string): Promise<void> {
    if (isClosed || listening.size >= maxListening) {
      return refuse(exchange, 503, { 'Retry-After': 1 })
    }
    const { sha256, rack } = message
    const canServe = await canReach(addressOf(exchange), message.port, exchange.closed)
    if (exchange.closed.aborted) return
    const { res } = exchange
    const key = `${sha256}/${id}`
    listening.get(key)?.res.end()
    const own: Listening = { res, hasFinished: false }
    listening.set(key, own)
    exchange.record.status = 200
    res.shouldKeepAlive = false
    res.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' })
    const beat = setInterval(() => res.write('\n'), beatMs)
    dispatch({
      type: 'relay.joined',
      sha256,
      host: { id, canServe, ...(rack === undefined ? {} : { rack }) },
    })
    await responseOver(res, exchange.closed)
    clearInterval(beat)
    if (listening.get(key) !== own) return
    listening.delete(key)
    if (!own.hasFinished && !isClosed) dispatch({ type: 'relay.left', sha256, hostId: id })
  }

  function take(exchange: Exchange, message: RelayMessage, hostId: string): void {
    const { sha256 } = message
    const own = listening.get(`${sha256}/${hostId}`)
    if (message.type === 'finish') {
      if (own !== undefined) own.hasFinished = true
      dispatch({ type: 'relay.finished', sha256, hostId })
    } else if (message.type === 'leave') {
      if (own !== undefined) own.hasFinished = true
      dispatch({ type: 'relay.left', sha256, hostId })
    } else if (message.type === 'fail') {
      const { source: sourceId, reason } = message
      dispatch({ type: 'relay.failed', sha256, hostId, sourceId, reason })
    }
    finish(exchange, 204, {})
  }

  return {
    async answer(exchange, path) {
      const { req, record } = exchange
      record.path = path
      if (path !== '/relays') return refuse(exchange, 405, { Allow: 'GET, HEAD' })
      const text = await readText(req, maxRelayMessageBytes)
      if (text === undefined) return refuse(exchange, 413)
      const message = parseRelayMessage(text)
      if (message === undefined) return refuse(exchange, 400)
      if (!has(message.sha256)) return refuse(exchange, 404)
      const id = `${hostInUri(addressOf(exchange))}:${message.port}`
      return message.type === 'join' ? join(exchange, message, id) : take(exchange, message, id)
    },
    tell({ sha256, answers }) {
      for (const { hostId, sources, hops } of answers) {
        listening
          .get(`${sha256}/${hostId}`)
          ?.res.write(`${JSON.stringify({ id: hostId, sources, hops })}\n`)
      }
    },
    close() {
      isClosed = true
      for (const { res } of listening.values()) res.end()
    },
  }
}

function addressOf({ record }: Exchange): string {
  return plainAddress(record.remoteAddress)
}

/** Undefined when there is more of it. */
async function readText(req: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
