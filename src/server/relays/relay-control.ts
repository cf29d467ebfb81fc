/**
 * Where executors say that they fetch a library and pass it on (`POST /relays`), and are told from
 * whom to take it: one line of JSON at once, and another whenever that changes, until they end the
 * connection.
 * Who may fetch a library may take part: each message is signed as a request for a set that has it.
 * An executor is reached where it came from, at the port that it names, and only once it has shown
 * there that it belongs to the run: nobody can send others to a third.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { maxRelayHosts } from '../../domain/relay/relay-events.ts'
import type { RelayAnswers, RelayEvent } from '../../domain/relay/relay-events.ts'
import type { Access } from '../permissions/access.ts'
import { finish, refuse, refuseAccess, responseOver } from '../http/exchange.ts'
import type { Exchange } from '../http/exchange.ts'
import { createBuckets } from './token-buckets.ts'
import { canReach } from './relay-probe.ts'
import { maxRelayMessageBytes, parseRelayMessage } from './relay-message.ts'
import type { RelayMessage } from './relay-message.ts'
import { endpointOf, plainAddress, senderOf } from '../../access/remote-address.ts'
import { createSeen } from '../../access/seen.ts'

export interface RelayControl {
  /** Answers a POST. It may reject. */
  answer(exchange: Exchange, path: string): Promise<void>
  /** Tells the hosts that are listening. */
  tell(answers: RelayAnswers): void
  /** Ends what is open, and takes no more. */
  close(): void
}

export interface RelayControlOptions {
  /** True for a library of the set that is passed on. */
  readonly has: (sha256: string, setId: string) => boolean
  readonly access: Pick<Access, 'admitPost' | 'relayKeyOf'>
  readonly dispatch: (event: RelayEvent) => void
  /** ms since 1970. */
  readonly now: () => number
}

/** A host that joined, and has not left. */
interface Member {
  readonly sha256: string
  readonly sender: string
  /** Ended once it needs to hear nothing more. */
  readonly res: ServerResponse
  readonly address: string
  readonly port: number
  hasFinished: boolean
  /** Of whom it has complained: once of each, for one library. */
  readonly accused: Set<string>
}

const maxMembers = 4096
/**
 * Of one sender, all libraries together, and for one of them: an eighth of what there is for all.
 * Others fetch from the server.
 */
const maxOfSender = maxMembers / 8
const maxOfSenderAtLibrary = Math.floor(maxRelayHosts / 8)
/** Of one sender: each join plans anew for all who take part. */
const joinRate = { burst: maxOfSender, perSecond: 10 }
const maxAccused = 64
/**
 * Messages that were made longer ago, or later, are refused; of younger ones the server knows
 * whether it had them.
 */
const maxAgeMs = 60_000
/**
 * Hosts that have all of a library say when they serve it no longer, after five minutes at the
 * most; one that did not is gone.
 */
const maxSeedMs = 6 * 60_000
/** A host that does not read what it is told is cut off. */
const maxUnreadBytes = 64 * 1024
/** Keeps a connection on which nothing changes from being closed as idle. */
const beatMs = 15_000

export function createRelayControl(options: RelayControlOptions): RelayControl {
  const { has, access, dispatch, now } = options
  const seen = createSeen(2 * maxAgeMs, now)
  // By library and host.
  const members = new Map<string, Member>()
  const joins = createBuckets(joinRate)
  /** About to be let in. */
  const joining = new Set<Pick<Member, 'sha256' | 'sender'>>()
  let isClosed = false

  function reach(sha256: string, closed = new AbortController().signal) {
    return { closed, sha256, relayKey: access.relayKeyOf(sha256) }
  }

  function isCrowd(sender: string, sha256: string): boolean {
    const own = [...members.values(), ...joining].filter((each) => each.sender === sender)
    const here = own.filter((each) => each.sha256 === sha256)
    return own.length >= maxOfSender || here.length >= maxOfSenderAtLibrary
  }

  async function join(exchange: Exchange, message: RelayMessage, id: string): Promise<void> {
    const { sha256, rack, port } = message
    const address = addressOf(exchange)
    const key = `${sha256}/${id}`
    const sender = senderOf(address)
    const isFull =
      members.size + joining.size >= maxMembers ||
      (!members.has(key) && isCrowd(sender, sha256)) ||
      !joins.take(sender, 1)
    if (isClosed || isFull) return refuse(exchange, 503, { 'Retry-After': 1 })
    const about = { sha256, sender }
    joining.add(about)
    const canServe = await canReach(address, port, reach(sha256, exchange.closed)).finally(() =>
      joining.delete(about),
    )
    if (exchange.closed.aborted) return
    const { res } = exchange
    members.get(key)?.res.end()
    const own: Member = { ...about, res, address, port, hasFinished: false, accused: new Set() }
    members.set(key, own)
    exchange.record.status = 200
    res.shouldKeepAlive = false
    res.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' })
    // That it was let in does not wait for the first answer.
    res.flushHeaders()
    const beat = setInterval(() => res.write('\n'), beatMs)
    dispatch({
      type: 'relay.joined',
      sha256,
      host: { id, canServe, ...(rack === undefined ? {} : { rack }) },
    })
    await responseOver(res, exchange.closed)
    clearInterval(beat)
    if (members.get(key) === own && !own.hasFinished) leave(sha256, id)
  }

  function leave(sha256: string, hostId: string): void {
    if (members.delete(`${sha256}/${hostId}`) && !isClosed)
      dispatch({ type: 'relay.left', sha256, hostId })
  }

  /** Only members have a say, and each only once: what strangers send must not fill the journal. */
  function take(message: RelayMessage, hostId: string): void {
    const { sha256 } = message
    const own = members.get(`${sha256}/${hostId}`)
    if (own === undefined) return
    if (message.type === 'leave') leave(sha256, hostId)
    if (message.type === 'finish' && !own.hasFinished) {
      own.hasFinished = true
      dispatch({ type: 'relay.finished', sha256, hostId })
      setTimeout(() => {
        if (members.get(`${sha256}/${hostId}`) === own) leave(sha256, hostId)
      }, maxSeedMs).unref()
    }
    if (message.type !== 'fail') return
    const { source: sourceId, reason } = message
    const accused = members.get(`${sha256}/${sourceId}`)
    if (accused === undefined || own.accused.has(sourceId) || own.accused.size >= maxAccused) return
    own.accused.add(sourceId)
    dispatch({ type: 'relay.failed', sha256, hostId, sourceId, reason })
    void lookAfter(sha256, sourceId, accused)
  }

  /**
   * A host that was killed says nothing: one complaint is enough to find out that it is not there.
   */
  async function lookAfter(sha256: string, hostId: string, accused: Member): Promise<void> {
    const isThere = await canReach(accused.address, accused.port, reach(sha256))
    if (!isThere && members.get(`${sha256}/${hostId}`) === accused) leave(sha256, hostId)
  }

  return {
    async answer(exchange, path) {
      const { req } = exchange
      if (path !== '/relays') return refuse(exchange, 405, { Allow: 'GET, HEAD' })
      const text = await readText(req, maxRelayMessageBytes)
      if (text === undefined) return refuse(exchange, 413)
      const setId = access.admitPost(req, path, text)
      if (typeof setId === 'number') return refuseAccess(exchange, setId)
      const message = parseRelayMessage(text)
      if (message === undefined) return refuse(exchange, 400)
      // A recorded message is of no use, nor one that was held back.
      const isFresh =
        setId === 'open' ||
        (Math.abs(now() - message.time) <= maxAgeMs && seen.isNew(message.nonce))
      if (!isFresh) return refuse(exchange, 409, { 'Jarcast-Time': Math.round(now()) })
      if (!has(message.sha256, setId)) return refuse(exchange, 404)
      const id = endpointOf(addressOf(exchange), message.port)
      if (message.type === 'join') return join(exchange, message, id)
      take(message, id)
      finish(exchange, 204, {})
    },
    tell({ sha256, answers }) {
      for (const { hostId, sources, hops } of answers) {
        const res = members.get(`${sha256}/${hostId}`)?.res
        if (res === undefined) continue
        if (res.writableLength > maxUnreadBytes) res.destroy()
        else res.write(`${JSON.stringify({ id: hostId, sources, hops })}\n`)
      }
    },
    close() {
      isClosed = true
      for (const { res } of members.values()) res.end()
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
