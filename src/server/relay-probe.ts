/** Whether an executor can be reached where it says that it serves. */
import { connect } from 'node:net'

/** Of each of two tries: a first packet may get lost where many connect at the same moment. */
const probeMs = 250

/**
 * True when a connection comes about. Behind a NAT, or in a network of containers, nothing listens at the address that an
 * executor comes from; who finds another server there tells of it.
 */
export async function canReach(host: string, port: number, closed: AbortSignal): Promise<boolean> {
  const found = await tryConnect(host, port, closed)
  return (found === 'late' ? await tryConnect(host, port, closed) : found) === 'reached'
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
