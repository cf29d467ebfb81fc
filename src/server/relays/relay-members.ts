/**
 * The hosts that relay libraries: their open answers, their reports, and their end.
 */
import type { ServerResponse } from 'node:http'
import { endpointOf, plainAddress, senderOf } from '../../access/remote-address.ts'
import { defined } from '../../defined.ts'
import { maxRelayHosts } from '../../domain/relay/relay-events.ts'
import type { RelayAnswers, RelayEvent, RelaySource } from '../../domain/relay/relay-events.ts'
import { refuse, responseOver } from '../http/exchange.ts'
import type { Exchange } from '../http/exchange.ts'
import type { RelayJoin, RelayMessage } from './relay-message.ts'
import { canReach } from './relay-probe.ts'
import { createBuckets } from './token-buckets.ts'

export interface RelayMembersOptions {
  /** The key for requests between executors that have this library; undefined if open. */
  readonly relayKeyOf: (sha256: string) => string | undefined
  readonly dispatch: (event: RelayEvent) => void
}

/** A host that has joined and has not left. */
interface Member {
  readonly id: string
  readonly sha256: string
  /** Its address, or its network for IPv6: the unit of the limits. */
  readonly sender: string
  readonly address: string
  readonly port: number
  readonly hostname?: string
  /** Carries its answers until the host has left. */
  readonly res: ServerResponse
  hasFinished: boolean
  /** The source of each stripe, as it was told last. */
  sources: readonly RelaySource[]
  /** Hosts that it has reported; further reports of them are ignored. */
  readonly accused: Set<string>
}

/** A host that relays a library. */
export interface RelayHost {
  readonly sha256: string
  /** `ADDRESS:PORT`. */
  readonly host: string
  /** Of its agent, as the host says: for people only. */
  readonly hostname?: string
  /** The source of each stripe; none while it is not planned. */
  readonly sources: readonly RelaySource[]
  /** It has the whole library. */
  readonly isComplete: boolean
}

const maxMembers = 4096
/** Members of one sender, for all libraries and for one; further hosts fetch from the server. */
const maxOfSender = maxMembers / 8
const maxOfSenderAtLibrary = Math.floor(maxRelayHosts / 8)
/** Joins of one sender: each join causes a new plan for all members. */
const joinRate = { burst: maxOfSender, perSecond: 10 }
const maxAccused = 64
/** Complete hosts leave within five minutes; after this time, a host counts as gone. */
const maxSeedMs = 6 * 60_000
/** A member that reads its answers too slowly is cut off. */
const maxUnreadBytes = 64 * 1024
/** Interval of empty lines, so that no proxy closes the connection as idle. */
const beatMs = 15_000

export class RelayMembers {
  readonly #options: RelayMembersOptions
  /** By library and host. */
  readonly #members = new Map<string, Member>()
  readonly #joins = createBuckets(joinRate)
  /** Hosts that are being probed. */
  readonly #joining = new Set<Pick<Member, 'sha256' | 'sender'>>()
  #isClosed = false

  constructor(options: RelayMembersOptions) {
    this.#options = options
  }

  /**
   * Probes the host, then answers with one line of JSON per change of its sources, until the
   * connection ends. Answers 503 when a limit is reached.
   */
  async join(exchange: Exchange, { sha256, rack, hostname, port }: RelayJoin): Promise<void> {
    const address = plainAddress(exchange.record.remoteAddress)
    const id = endpointOf(address, port)
    const about = { sha256, sender: senderOf(address), ...defined({ hostname }) }
    if (!this.#mayJoin(about, id)) return refuse(exchange, 503, { 'Retry-After': 1 })
    this.#joining.add(about)
    const canServe = await this.#isReachable({ sha256, address, port }, exchange.closed).finally(
      () => this.#joining.delete(about),
    )
    if (exchange.closed.aborted) return
    const { res } = exchange
    const member = { ...about, id, address, port, res, hasFinished: false, sources: [] }
    const own: Member = { ...member, accused: new Set() }
    this.#find(sha256, id)?.res.end()
    this.#members.set(keyOf(own), own)
    beginAnswer(exchange)
    const beat = setInterval(() => res.write('\n'), beatMs)
    const host = { id, canServe, ...defined({ rack }) }
    this.#options.dispatch({ type: 'relay.joined', sha256, host })
    await responseOver(res, exchange.closed)
    clearInterval(beat)
    if (!own.hasFinished) this.#leave(own)
  }

  /** Handles a message of a member. Messages of other hosts have no effect. */
  take(message: RelayMessage, hostId: string): void {
    const own = this.#find(message.sha256, hostId)
    if (own === undefined) return
    if (message.type === 'leave') this.#leave(own)
    if (message.type === 'finish') this.#finish(own)
    if (message.type === 'fail') this.#report(own, message)
  }

  /** Sends members their new sources. */
  tell({ sha256, answers }: RelayAnswers): void {
    for (const { hostId, sources, hops } of answers) {
      const member = this.#find(sha256, hostId)
      if (member === undefined) continue
      member.sources = sources
      const { res } = member
      if (res.writableLength > maxUnreadBytes) res.destroy()
      else res.write(`${JSON.stringify({ id: hostId, sources, hops })}\n`)
    }
  }

  /** The hosts that relay libraries now, and their sources. */
  plan(): readonly RelayHost[] {
    return Array.from(this.#members.values(), ({ sha256, id, hostname, ...own }) => ({
      sha256,
      host: id,
      ...defined({ hostname }),
      sources: own.sources,
      isComplete: own.hasFinished,
    }))
  }

  /** Ends all answers and refuses later joins. */
  close(): void {
    this.#isClosed = true
    for (const { res } of this.#members.values()) res.end()
  }

  #find(sha256: string, id: string): Member | undefined {
    return this.#members.get(keyOf({ sha256, id }))
  }

  #mayJoin({ sha256, sender }: Pick<Member, 'sha256' | 'sender'>, id: string): boolean {
    if (this.#isClosed || this.#members.size + this.#joining.size >= maxMembers) return false
    if (this.#find(sha256, id) === undefined) {
      const own = [...this.#members.values(), ...this.#joining].filter(
        (each) => each.sender === sender,
      )
      const here = own.filter((each) => each.sha256 === sha256)
      if (own.length >= maxOfSender || here.length >= maxOfSenderAtLibrary) return false
    }
    return this.#joins.take(sender, 1)
  }

  #isReachable(
    { sha256, address, port }: Pick<Member, 'sha256' | 'address' | 'port'>,
    closed = new AbortController().signal,
  ): Promise<boolean> {
    const relayKey = this.#options.relayKeyOf(sha256)
    return canReach(address, port, { closed, sha256, relayKey })
  }

  #finish(own: Member): void {
    if (own.hasFinished) return
    own.hasFinished = true
    this.#options.dispatch({ type: 'relay.finished', sha256: own.sha256, hostId: own.id })
    setTimeout(() => this.#leave(own), maxSeedMs).unref()
  }

  #report(own: Member, { source, reason }: Extract<RelayMessage, { readonly type: 'fail' }>): void {
    const { sha256, id, accused } = own
    const accusedMember = this.#find(sha256, source)
    if (accusedMember === undefined || accused.has(source) || accused.size >= maxAccused) return
    accused.add(source)
    this.#options.dispatch({
      type: 'relay.failed',
      sha256,
      hostId: id,
      sourceId: source,
      reason,
    })
    void this.#probeAgain(accusedMember)
  }

  /** A killed host sends no `leave`: one report is enough to probe it. */
  async #probeAgain(member: Member): Promise<void> {
    if (!(await this.#isReachable(member))) this.#leave(member)
  }

  /** Without effect if the host has left, or has joined again since. */
  #leave(member: Member): void {
    const { sha256, id } = member
    if (this.#find(sha256, id) !== member) return
    this.#members.delete(keyOf(member))
    if (!this.#isClosed) this.#options.dispatch({ type: 'relay.left', sha256, hostId: id })
  }
}

function keyOf({ sha256, id }: Pick<Member, 'sha256' | 'id'>): string {
  return `${sha256}/${id}`
}

function beginAnswer({ res, record }: Exchange): void {
  record.status = 200
  res.shouldKeepAlive = false
  res.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' })
  // Tells the host that it has joined, before its sources are planned.
  res.flushHeaders()
}
