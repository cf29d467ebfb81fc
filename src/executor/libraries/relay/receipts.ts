/**
 * Receipts in the body of a request for a stripe: each byte acknowledges a run of the answer. They
 * limit what is on its way. Left to itself, TCP fills the queue of a slow link, where the bytes of
 * one receiver get lost while the others get theirs; all hosts after that one are late then.
 */
import type { Readable } from 'node:stream'

export interface Receipts {
  /** Resolves when so many runs may have been sent, or when the connection is closed. */
  untilAllowed(runs: number): Promise<void>
  /** Resolves when the request has ended, or when the connection is closed. */
  untilEnded(): Promise<void>
}

/** Runs on their way to a receiver: one travels while the receipt of another does. */
const unacknowledged = 2

/**
 * A request that has ended, such as one without a body, allows all runs. More receipts than the
 * answer has runs end the connection.
 */
export function readReceipts(request: Readable, runs: number, closed: AbortSignal): Receipts {
  let acknowledged = 0
  let look = (): void => undefined
  const acknowledge = (more: number): void => {
    acknowledged += more
    look()
  }
  request.on('data', (receipts: Buffer) => {
    acknowledge(receipts.length)
    if (acknowledged > runs) request.destroy()
  })
  request.on('end', () => acknowledge(Infinity))
  closed.addEventListener('abort', () => look(), { once: true })

  const mayGo = (sent: number): boolean => sent <= acknowledged + unacknowledged || closed.aborted

  async function untilAllowed(sent: number): Promise<void> {
    while (!mayGo(sent)) await new Promise<void>((resolve) => (look = resolve))
  }

  return { untilAllowed, untilEnded: () => untilAllowed(Infinity) }
}
