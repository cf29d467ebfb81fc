/** Messages in one direction: in order, with a delay, kept while the network is cut. */
import { startTimer } from '../time/timers.ts'

export interface MessagePipe {
  /** Sends a message: `deliver` is called when it arrives. */
  send(deliver: () => void): void
  /** Messages in flight at a cut arrive when it is healed, as with TCP. */
  setCut(isCut: boolean): void
  /** Drops messages in flight and later ones. */
  close(): void
}

export interface MessagePipeOptions {
  readonly delayMs: () => number
  readonly isCut?: boolean
  /** Called when a cut pipe holds too many messages and closes. */
  readonly onOverflow: () => void
}

interface Message {
  readonly deliver: () => void
  readonly dueMs: number
}

/** Maximum number of messages that a cut connection holds. */
const maxKept = 10_000

export function createMessagePipe(options: MessagePipeOptions): MessagePipe {
  const kept: Message[] = []
  let isCut = options.isCut ?? false
  let isClosed = false
  let timer: NodeJS.Timeout | undefined

  function takeDue(now: number): Message | undefined {
    return isCut || (kept[0]?.dueMs ?? Infinity) > now ? undefined : kept.shift()
  }

  function deliverDue(): void {
    clearTimeout(timer)
    const now = performance.now()
    for (let due = takeDue(now); due !== undefined; due = takeDue(now)) due.deliver()
    const [next] = kept
    // One more ms, since timers may fire a fraction early.
    if (!isCut && next !== undefined) timer = startTimer(deliverDue, next.dueMs - now + 1)
  }

  function close(): void {
    isClosed = true
    clearTimeout(timer)
    kept.length = 0
  }

  return {
    send(deliver) {
      if (isClosed) return
      const delayMs = options.delayMs()
      if (kept.length === 0 && delayMs === 0 && !isCut) return deliver()
      kept.push({ deliver, dueMs: performance.now() + delayMs })
      if (kept.length <= maxKept) {
        if (kept.length === 1) deliverDue()
        return
      }
      close()
      options.onOverflow()
    },
    setCut(next) {
      isCut = next
      deliverDue()
    },
    close,
  }
}
