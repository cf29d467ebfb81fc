/** Where a run is to be found: its master, its id and its jar server, in as few lines as fit. */
import { shorten } from '../../output/printable.ts'
import type { ReportedEvent } from '../record/reported-event.ts'

export class RunPlace {
  readonly #parts = new Map<'master' | 'framework' | 'jar server', string>()

  record({ event, payload }: ReportedEvent): void {
    if (event === 'framework.registered') {
      if (payload.master !== undefined) this.#parts.set('master', payload.master)
      this.#parts.set('framework', payload.frameworkId)
    }
    if (event === 'jarServer.started') this.#parts.set('jar server', payload.url)
  }

  lines(columns: number): readonly string[] {
    const parts = [...this.#parts].map(([name, text]) => `${name} ${text}`)
    if (parts.length === 0) return []
    const one = ` ${parts.join(' · ')}`
    return one.length <= columns ? [one] : parts.map((part) => ` ${shorten(part, columns - 1)}`)
  }
}
