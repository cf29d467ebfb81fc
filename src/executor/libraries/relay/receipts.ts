/**
 * Receipts in the body of a request for a stripe: each byte acknowledges a run of the answer. They
 * limit what is on its way. Left to itself, TCP fills the queue of a slow link, where the bytes of
 * one receiver get lost while the others get theirs; all hosts after that one are late then.
 */
import type { Readable } from 'node:stream'

export interface Receipts {
  /** Resolves when so many runs may have been sent, or when the connection is closed. */
  untilAllowed(runs: number): Promise<void>
}

/** Runs on their way to a receiver: one travels while the receipt of another does. */
const unacknowledged = 2

/** A request that has ended, such as one without a body, allows all runs. */
export function readReceipts(request: Readable, closed: AbortSignal): Receipts {
  let allowed = unacknowledged
  let look = (): void => undefined
  const allow = (more: number): void => {
    allowed += more
    look()
  }
  request.on('data', (receipts: Buffer) => allow(receipts.length))
  request.on('end', () => allow(Infinity))
  closed.addEventListener('abort', () => look(), { once: true })
  const mayGo = (runs: number): boolean => runs <= allowed || closed.aborted
  return {
    async untilAllowed(runs) {
      while (!mayGo(runs)) await new Promise<void>((resolve) => (look = resolve))
    },
  }
}
