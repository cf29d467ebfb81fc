/** Sends a stripe to another executor while this one may still be receiving it. */
import type { ServerResponse } from 'node:http'
import type { Turn } from '../../../access/admission.ts'
import type { Receipts } from './receipts.ts'
import type { RelayedBlob } from './blob/relayed-blob.ts'

/** The runs to send: those of one stripe, from number `first` on. */
export interface StripeRest {
  readonly blob: RelayedBlob
  readonly stripe: number
  readonly first: number
}

/**
 * Sends each run once it is received; cuts the connection if no further runs will arrive. Leaves
 * the turn after the last one. `closed` is aborted when the connection closes.
 */
export async function sendStripe(
  res: ServerResponse,
  { blob, stripe, first }: StripeRest,
  turn: Turn,
  receipts: Receipts,
  closed: AbortSignal,
): Promise<void> {
  const runs = (blob.stripes[stripe] ?? []).slice(first)
  const length = runs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  // Closing it with receipts unread would reset the connection, and lose the last run.
  res.shouldKeepAlive = true
  res.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': length })
  res.flushHeaders()
  for (const index of runs.keys()) {
    if (!(await blob.until(stripe, first + index, closed))) {
      res.destroy()
      return
    }
    const run = await blob.read(stripe, first + index)
    await sendRun(res, run, turn, () => receipts.untilAllowed(index + 1), closed)
  }
  turn.leave()
  // Node closes the connection a second after the end: on a slow link, the last runs take longer.
  await receipts.untilEnded()
  res.end()
}

async function sendRun(
  res: ServerResponse,
  run: Buffer,
  turn: Turn,
  allowed: () => Promise<void>,
  closed: AbortSignal,
): Promise<void> {
  for (let offset = 0; offset < run.length;) {
    const bytes = await turn.grant(run.length - offset)
    if (bytes === 0) return
    // After the grant: the time until a receipt is the receiver's.
    await allowed()
    if (!res.write(run.subarray(offset, (offset += bytes)))) await drained(res, closed)
    turn.settle(!res.destroyed)
  }
}

/** Resolves also when the connection is closed. */
function drained(res: ServerResponse, closed: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      res.off('drain', go)
      closed.removeEventListener('abort', go)
      resolve()
    }
    res.on('drain', go)
    closed.addEventListener('abort', go)
    if (closed.aborted) go()
  })
}
