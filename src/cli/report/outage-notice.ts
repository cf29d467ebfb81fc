/**
 * Prints that no master answers, first every few seconds, then more rarely: an outage of hours must
 * not fill a log.
 */
import { formatSeconds, printable } from '../output/printable.ts'
import type { ReportedEvent } from './record/reported-event.ts'

const firstPauseMs = 3000
const lastPauseMs = 60_000

/**
 * Prints the first lost connection at once, then its latest cause after three seconds and after
 * pauses that grow to a minute, until the framework is registered, stopped or failed, or this is
 * closed. Errors without a retry are left to the report of the failure.
 */
export class OutageNotice {
  readonly #print: (text: string) => void
  #timer: NodeJS.Timeout | undefined
  #master = 'unknown'
  #sinceMs = 0
  /** Empty until a connection was lost or refused. */
  #latest = ''

  constructor(print: (text: string) => void) {
    this.#print = print
  }

  /** The framework connects to `master` from now on. */
  readonly open = (master: string): void => {
    this.#master = printable(master)
    this.#start(Date.now())
  }

  record({ event, at, payload }: ReportedEvent): void {
    if (event === 'framework.disconnected') {
      this.#recordLoss(at, payload.message, payload.retryable)
    } else if (/^(library\.staging|package\.(resolving|fetching))$/.test(event)) {
      // The framework connects once everything is staged.
      if (this.#timer !== undefined) this.#start(at)
    } else if (/^framework\.(registered|failed|stopped)$/.test(event)) {
      this.#latest = ''
      this.close()
    }
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #start(at: number): void {
    this.close()
    this.#sinceMs = at
    this.#printAfter(firstPauseMs)
  }

  #printAfter(pauseMs: number): void {
    this.#timer = setTimeout(() => {
      this.#printState()
      this.#printAfter(Math.min(2 * pauseMs, lastPauseMs))
    }, pauseMs)
  }

  #printState(): void {
    const seconds = formatSeconds(Date.now() - this.#sinceMs)
    this.#print(
      this.#latest === ''
        ? `no answer from the master at ${this.#master} for ${seconds} s`
        : `no connection to the master for ${seconds} s: ${this.#latest}`,
    )
  }

  #recordLoss(at: number, message: string, isRetried: boolean): void {
    const isFirst = this.#latest === ''
    this.#latest = printable(message)
    if (!isRetried) this.close()
    else if (isFirst) {
      this.#print(`no connection to the master: ${this.#latest}; retrying`)
      this.#start(at)
    }
  }
}
