/** Whether an executor can be reached where it says that it serves. */
import { connect } from 'node:net'

/** Longer is what a firewall makes of it. */
const probeMs = 500

/**
 * True when a connection comes about. Behind a NAT, or in a network of containers, nothing listens at the address that an
 * executor comes from; who finds another server there tells of it.
 */
export function canReach(host: string, port: number, closed: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const settle = (isReached: boolean): void => {
      closed.removeEventListener('abort', giveUp)
      socket.destroy()
      resolve(isReached)
    }
    const giveUp = (): void => settle(false)
    closed.addEventListener('abort', giveUp, { once: true })
    socket.setTimeout(probeMs, giveUp)
    socket.once('connect', () => settle(true))
    socket.once('error', giveUp)
  })
}
