/**
 * Who may be sent a blob now: so many at a time, hosts in turn, and no more bytes per second than there is a budget for.
 * Only blobs pass here. Manifests, the status page and the executor's own program wait for nobody.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { JarcastError } from '../errors.ts'

export interface AdmissionOptions {
  /** Bodies of blobs that are sent at a time. Default 128. */
  readonly maxStreams?: number
  /** Requests that wait for their turn; those beyond are told to come again (503, Retry-After). Default 512. */
  readonly maxWaiting?: number
  /** Bytes of blobs sent per second, by all streams together. Default: as fast as it goes. */
  readonly egressBytesPerSecond?: number
}

export interface Admission {
  /**
   * Resolves when the host's turn has come, to what ends it: with the host that is sent least at the moment first. To
   * undefined when the connection is closed before, and to `full` when too many wait.
   */
  enter(host: string, closed: AbortSignal): Promise<(() => void) | 'full' | undefined>
  /** Resolves when the budget allows so many bytes. */
  spend(bytes: number, closed: AbortSignal): Promise<void>
}

interface Waiting {
  readonly host: string
  readonly admit: () => void
}

/** No stream. Throws `CONFIG_INVALID` for bounds that would let nothing through. */
export function createAdmission(options: AdmissionOptions = {}): Admission {
  const { maxStreams = 128, maxWaiting = 512, egressBytesPerSecond = Infinity } = options
  for (const [name, value] of Object.entries({ maxStreams, egressBytesPerSecond })) {
    if (value >= 1) continue
    throw new JarcastError('CONFIG_INVALID', `${name} must be 1 or more, not ${value}`)
  }
  const active = new Map<string, number>()
  let streams = 0
  const waiting: Waiting[] = []
  // When the bytes that were allowed so far are all sent, at the budget's speed.
  let paidUntilMs = 0

  function begin(host: string): () => void {
    streams += 1
    active.set(host, (active.get(host) ?? 0) + 1)
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      end(host)
    }
  }

  function end(host: string): void {
    streams -= 1
    const left = (active.get(host) ?? 1) - 1
    if (left > 0) active.set(host, left)
    else active.delete(host)
    takeNext()?.admit()
  }

  function takeNext(): Waiting | undefined {
    let best = 0
    for (const [index, { host }] of waiting.entries()) {
      if (sentTo(host) < sentTo(waiting[best]?.host ?? '')) best = index
    }
    return waiting.splice(best, 1)[0]
  }

  function sentTo(host: string): number {
    return active.get(host) ?? 0
  }

  return {
    async enter(host, closed) {
      if (closed.aborted) return undefined
      if (streams < maxStreams) return begin(host)
      if (waiting.length >= maxWaiting) return 'full'
      return new Promise((resolve) => {
        const leave = (): void => {
          waiting.splice(waiting.indexOf(entry), 1)
          resolve(undefined)
        }
        const admit = (): void => {
          closed.removeEventListener('abort', leave)
          resolve(begin(host))
        }
        const entry: Waiting = { host, admit }
        waiting.push(entry)
        closed.addEventListener('abort', leave, { once: true })
      })
    },
    async spend(bytes, closed) {
      if (egressBytesPerSecond === Infinity) return
      const nowMs = performance.now()
      const startMs = Math.max(paidUntilMs, nowMs)
      paidUntilMs = startMs + (bytes / egressBytesPerSecond) * 1000
      if (startMs > nowMs) {
        await sleep(startMs - nowMs, undefined, { signal: closed }).catch(() => undefined)
      }
    },
  }
}
