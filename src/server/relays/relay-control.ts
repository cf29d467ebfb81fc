/**
 * Messages of executors that relay libraries (`POST /relays`): they join, finish, leave, and report
 * sources. The answer to a join has one line of JSON with the sources of the host, and another line
 * after each change, until the connection ends.
 * Executors that may fetch a library may relay it: each message is signed as a request for a set
 * with this library. The address of an executor is the remote address with the stated port. It is
 * used only after a probe of it, so that no message can direct requests at a third party.
 */
import type { IncomingMessage } from 'node:http'
import { endpointOf, plainAddress } from '../../access/remote-address.ts'
import { createSeen } from '../../access/seen.ts'
import type { RelayAnswers, RelayEvent } from '../../domain/relay/relay-events.ts'
import { finish, refuse, refuseAccess } from '../http/exchange.ts'
import type { Exchange } from '../http/exchange.ts'
import type { Access } from '../permissions/access.ts'
import { RelayMembers } from './relay-members.ts'
import type { RelayHost } from './relay-members.ts'
import { maxRelayMessageBytes, parseRelayMessage } from './relay-message.ts'
import type { RelayMessage } from './relay-message.ts'

export interface RelayControl {
  /** Answers a POST. It may reject. */
  answer(exchange: Exchange, path: string): Promise<void>
  /** Sends hosts their new sources. */
  tell(answers: RelayAnswers): void
  /** The hosts that relay libraries now, and their sources. */
  plan(): readonly RelayHost[]
  /** Ends all answers and refuses later joins. */
  close(): void
}

export interface RelayControlOptions {
  /** True for a library of the set that executors relay. */
  readonly has: (sha256: string, setId: string) => boolean
  readonly access: Pick<Access, 'admitPost' | 'relayKeyOf'>
  readonly dispatch: (event: RelayEvent) => void
  /** ms since 1970. */
  readonly now: () => number
}

/** Messages with a larger distance in time are refused; nonces of the others are remembered. */
const maxAgeMs = 60_000

export function createRelayControl(options: RelayControlOptions): RelayControl {
  const { has, access, dispatch, now } = options
  const seen = createSeen(2 * maxAgeMs, now)
  const members = new RelayMembers({ relayKeyOf: access.relayKeyOf, dispatch })

  /** False for a repeated or a delayed message. */
  function isFresh({ time, nonce }: RelayMessage): boolean {
    return Math.abs(now() - time) <= maxAgeMs && seen.isNew(nonce)
  }

  return {
    async answer(exchange, path) {
      const { req, record } = exchange
      if (path !== '/relays') return refuse(exchange, 405, { Allow: 'GET, HEAD' })
      const text = await readText(req, maxRelayMessageBytes)
      if (text === undefined) return refuse(exchange, 413)
      const setId = access.admitPost(req, path, text)
      if (typeof setId === 'number') return refuseAccess(exchange, setId)
      const message = parseRelayMessage(text)
      if (message === undefined) return refuse(exchange, 400)
      if (setId !== 'open' && !isFresh(message))
        return refuse(exchange, 409, { 'Jarcast-Time': Math.round(now()) })
      if (!has(message.sha256, setId)) return refuse(exchange, 404)
      if (message.type === 'join') return members.join(exchange, message)
      members.take(message, endpointOf(plainAddress(record.remoteAddress), message.port))
      finish(exchange, 204, {})
    },
    tell: (answers) => members.tell(answers),
    plan: () => members.plan(),
    close: () => members.close(),
  }
}

/** Undefined if the text is longer than `maxBytes`. */
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
