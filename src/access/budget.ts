/** Grants bytes to senders, in the order and at the rate of the fair share. */
import { createFairShare } from './fair-share.ts'
import type { FairShare } from './fair-share.ts'

export interface Budget {
  /**
   * The number of bytes that may be sent now, at most `bytes`, or 0 when the connection is closed; a
   * promise if they must wait.
   */
  ask(sender: string, bytes: number, closed: AbortSignal): number | Promise<number>
  giveBack(bytes: number): void
}

interface Asking {
  readonly grant: () => void
}

/** `bytesPerSecond`: 1 or more; Infinity grants everything at once. */
export function createBudget(bytesPerSecond: number): Budget {
  return bytesPerSecond === Infinity ? unlimited : createLimitedBudget(bytesPerSecond)
}

const unlimited: Budget = {
  ask: (_, bytes, closed) => (closed.aborted ? 0 : bytes),
  giveBack: () => undefined,
}

function createLimitedBudget(bytesPerSecond: number): Budget {
  const share = createFairShare<Asking>(bytesPerSecond, performance.now())
  let timer: NodeJS.Timeout | undefined

  function pump(): void {
    clearTimeout(timer)
    for (;;) {
      const next = share.take(performance.now())
      if (next === undefined) break
      next.grant()
    }
    const waitMs = share.waitMs(performance.now())
    if (waitMs < Infinity) timer = setTimeout(pump, Math.ceil(waitMs))
  }

  return {
    ask(sender, wanted, closed) {
      if (closed.aborted) return 0
      const bytes = Math.min(wanted, share.grainBytes)
      const granted = waitForGrant(share, sender, bytes, closed)
      pump()
      return granted
    },
    giveBack(bytes) {
      share.giveBack(bytes)
      pump()
    },
  }
}

/** Resolves to `bytes` when the share takes the request, or to 0 when the connection is closed. */
function waitForGrant(
  share: FairShare<Asking>,
  sender: string,
  bytes: number,
  closed: AbortSignal,
): Promise<number> {
  return new Promise((resolve) => {
    const abandon = (): void => {
      share.remove(asking)
      resolve(0)
    }
    const asking: Asking = {
      grant() {
        closed.removeEventListener('abort', abandon)
        resolve(bytes)
      },
    }
    closed.addEventListener('abort', abandon, { once: true })
    share.add(asking, sender, bytes)
  })
}
