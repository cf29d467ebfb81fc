/** Says every few seconds that the master is away: the framework's own attempts come further and further apart. */
import { formatSeconds, printable } from '../output/printable.ts'
import type { ReportedEvent } from './reported-event.ts'

export interface OutageNotice {
  /** The master is being dialled from now on. */
  open(master: string): void
  record(event: ReportedEvent): void
  close(): void
}

const everyMs = 3000

/**
 * While nothing answers, prints so every three seconds; the first loss at once, then its latest cause, until registered,
 * stopped, failed or closed. What is not tried again is left to whoever tells of the failure.
 */
export function createOutageNotice(print: (text: string) => void): OutageNotice {
  let timer: NodeJS.Timeout | undefined
  let master = 'unknown'
  let since = 0
  /** Empty while the master has neither answered nor refused. */
  let latest = ''

  function close(): void {
    clearInterval(timer)
    timer = undefined
  }

  function start(at: number): void {
    close()
    since = at
    timer = setInterval(() => {
      const seconds = formatSeconds(Date.now() - since)
      print(
        latest === ''
          ? `no answer from the master at ${master} yet, for ${seconds} s`
          : `no connection to the master for ${seconds} s: ${latest}`,
      )
    }, everyMs)
  }

  function recordLoss(at: number, message: string, retryable: boolean): void {
    const isFirst = latest === ''
    latest = printable(message)
    if (!retryable) close()
    else if (isFirst) {
      print(`no connection to the master: ${latest}; trying again`)
      start(at)
    }
  }

  return {
    open(url) {
      master = printable(url)
      start(Date.now())
    },
    record({ event, at, payload }) {
      if (event === 'framework.disconnected') {
        recordLoss(at, payload.message, payload.retryable)
      } else if (/^(library\.staging|package\.(resolving|fetching))$/.test(event)) {
        // Nothing is dialled before everything is staged.
        if (timer !== undefined) start(at)
      } else if (/^framework\.(registered|failed|stopped)$/.test(event)) {
        latest = ''
        close()
      }
    },
    close,
  }
}
