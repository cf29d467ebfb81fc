/** Limits of WebSockets: a page that opens a thousand takes no other's place. */
import { senderOf } from '../../access/remote-address.ts'

export interface SocketLimits {
  /** How to give the place back; undefined if there is none. */
  take(address: string | undefined): (() => void) | undefined
}

/** `perSender`: of one address, or one network of IPv6. */
export function createSocketLimits(total: number, perSender: number): SocketLimits {
  const counts = new Map<string, number>()
  let sum = 0
  return {
    take(address) {
      const sender = senderOf(address)
      const count = counts.get(sender) ?? 0
      if (sum >= total || count >= perSender) return undefined
      sum += 1
      counts.set(sender, count + 1)
      return () => {
        sum -= 1
        const left = (counts.get(sender) ?? 1) - 1
        if (left === 0) counts.delete(sender)
        else counts.set(sender, left)
      }
    },
  }
}
