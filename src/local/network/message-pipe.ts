/** Messages in one direction: in order, at once or after a delay, kept while the way is cut. */
import { startTimer } from '../time/timers.ts'

export interface MessagePipe {
  /** `deliver` is called when the message arrives. */
  send(deliver: () => void): void
  /** What is on its way when it is cut arrives once it is healed, as with TCP. */
  setCut(isCut: boolean): void
  /** Drops what is on its way, and all that comes. */
  close(): void
}

export interface MessagePipeOptions {
  readonly delayMs: () => number
  readonly isCut?: boolean
  /** More is kept than may be: the pipe has closed itself. */
  readonly onOverflow: () => void
}

interface Message {
  readonly deliver: () => void
  readonly dueMs: number
}

/** As many as a connection may hold back before it is given up. */
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
    // Timers may fire a fraction early, so one more is waited than is left.
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
