/**
 * Checks that an executor is reachable at its stated address, and may have the library to relay.
 */
import { randomUUID } from 'node:crypto'
import { get } from 'node:http'
import { connect } from 'node:net'
import { authorizeRelay, isAnswerToProbe } from '../../domain/libraries/library-access.ts'
import { endpointOf } from '../../access/remote-address.ts'
import { timeoutSignal } from '../../timeout-signal.ts'

export interface ProbeOptions {
  /** Ends the probe. */
  readonly closed: AbortSignal
  /** SHA-256 of the library to relay. */
  readonly sha256: string
  /** The key that the executor must have; undefined if the server is open. */
  readonly relayKey: string | undefined
}

/** For each of two attempts: the first packet may get lost when many connect at once. */
const probeMs = 250
/** Time for the answer: the executor may be busy with a digest. */
const answerMs = 2000
const maxAnswerLength = 64

/**
 * Resolves to true if a connection opens and, with a key, the answer proves that the other side has
 * the key too. Behind a NAT or in a container network, the address of an executor may have no
 * listener, or another one.
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

/** Sends a fresh challenge, so that an earlier answer is useless. */
function knowsKey(
  to: string,
  sha256: string,
  relayKey: string,
  closed: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    const path = `/probe/${sha256}/${randomUUID()}`
    // An impostor cannot forward the challenge to another executor: that one checks the address.
    const authorization = authorizeRelay(relayKey, { to, method: 'GET', path }, randomUUID())
    const headers = { authorization }
    const signal = AbortSignal.any([closed, timeoutSignal(answerMs)])
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
