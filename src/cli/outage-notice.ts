/** Says every few seconds that the master is away: the framework's own attempts come further and further apart. */
import { formatSeconds } from './printable.ts'
import type { ReportedEvent } from './reported-event.ts'

export interface OutageNotice {
  record(event: ReportedEvent): void
  close(): void
}

const everyMs = 3000

/** Prints the first loss at once, then its latest cause every three seconds until registered, stopped or closed. */
export function createOutageNotice(print: (text: string) => void): OutageNotice {
  let timer: NodeJS.Timeout | undefined
  let latest = ''

  function close(): void {
    clearInterval(timer)
    timer = undefined
  }

  function record({ event, at, payload }: ReportedEvent): void {
    if (event === 'framework.disconnected') {
      latest = payload.message
      if (timer !== undefined) return
      print(`no connection to the master: ${latest}; trying again`)
      timer = setInterval(() => {
        print(`no connection to the master for ${formatSeconds(Date.now() - at)} s: ${latest}`)
      }, everyMs)
    } else if (/^framework\.(registered|failed|stopped)$/.test(event)) close()
  }

  return { record, close }
}
