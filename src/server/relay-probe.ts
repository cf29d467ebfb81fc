/** Whether an executor can be reached where it says that it serves, and may have the library that it is to pass on. */
import { randomUUID } from 'node:crypto'
import { get } from 'node:http'
import { connect } from 'node:net'
import { authorizeRelay, isAnswerToProbe } from '../domain/library-access.ts'
import { endpointOf } from '../access/remote-address.ts'

export interface ProbeOptions {
  /** Ends it. */
  readonly closed: AbortSignal
  /** Of the library that it is to pass on. */
  readonly sha256: string
  /** What it has to know; undefined where nobody needs to know anything. */
  readonly relayKey: string | undefined
}

/** Of each of two tries: a first packet may get lost where many connect at the same moment. */
const probeMs = 250
/** For its answer: it may be busy hashing. */
const answerMs = 2000
const maxAnswerLength = 64

/**
 * True when a connection comes about, and with a key when the answer shows that the other side has it, too. Behind a NAT, or
 * in a network of containers, nothing listens at the address that an executor comes from, or somebody else does.
 */
export async function canReach(
  host: string,
  port: number,
  options: ProbeOptions,
): Promise<boolean> {
  const { closed, sha256, relayKey } = options
  const found = await tryConnect(host, port, closed)
  const reached = found === 'late' ? await tryConnect(host, port, closed) : found
  if (reached !== 'reached') return false
  return (
    relayKey === undefined || (await knowsKey(endpointOf(host, port), sha256, relayKey, closed))
  )
}

function tryConnect(
  host: string,
  port: number,
  closed: AbortSignal,
): Promise<'reached' | 'refused' | 'late'> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const settle = (found: 'reached' | 'refused' | 'late'): void => {
      closed.removeEventListener('abort', giveUp)
      socket.destroy()
      resolve(found)
    }
    const giveUp = (): void => settle('refused')
    closed.addEventListener('abort', giveUp, { once: true })
    socket.setTimeout(probeMs, () => settle('late'))
    socket.once('connect', () => settle('reached'))
    socket.once('error', giveUp)
  })
}

/** Asks something new each time, so that no earlier answer will do. */
function knowsKey(
  to: string,
  sha256: string,
  relayKey: string,
  closed: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    const path = `/probe/${sha256}/${randomUUID()}`
    // An impostor cannot have another executor answer for it: that one looks at the address.
    const headers = { authorization: authorizeRelay(relayKey, { to, method: 'GET', path }) }
    const signal = AbortSignal.any([closed, AbortSignal.timeout(answerMs)])
    const request = get(`http://${to}${path}`, {
      headers,
      signal,
      agent: false,
    })
    let text = ''
    request.once('response', (response) => {
      response.setEncoding('latin1')
      response.on('data', (more: string) => {
        text += more
        if (text.length > maxAnswerLength) response.destroy()
      })
      response.once('error', () => resolve(false))
      response.once('close', () => resolve(isAnswerToProbe(text, relayKey, path)))
    })
    request.once('error', () => resolve(false))
  })
}
