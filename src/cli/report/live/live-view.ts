/** A run on a terminal while it lasts: where it is, packages, libraries, and tasks. */
import { barLine } from '../../output/bar.ts'
import { openLiveLines } from '../../output/live-lines.ts'
import type { LiveLines, Space } from '../../output/live-lines.ts'
import { createPackageBars } from '../../output/package-bars.ts'
import type { Terminal } from '../../output/terminal.ts'
import { ActiveTasks } from './active-tasks.ts'
import { LibraryBars } from './library-bars.ts'
import type { EventPayload, ReportedEvent } from '../record/reported-event.ts'
import type { RunLog } from '../record/run-log.ts'
import { RunPlace } from './run-place.ts'
import { describeTasks } from '../record/summary-line.ts'

type AgentLibrary = Pick<EventPayload<'library.fetched'>, 'agentId' | 'name'>

/** Of the terminal's lines: the rest stays for what was printed. */
const shareOfRows = 3

export class LiveView {
  readonly #terminal: Terminal
  readonly #log: Pick<RunLog, 'hostOf' | 'totals'>
  readonly #expectedTasks: number
  readonly #place = new RunPlace()
  readonly #packages = createPackageBars()
  readonly #libraries = new LibraryBars()
  readonly #tasks = new ActiveTasks()
  readonly #lines: LiveLines

  /** `log` records each event before `record` shows it. */
  constructor(terminal: Terminal, log: Pick<RunLog, 'hostOf' | 'totals'>, expectedTasks: number) {
    this.#terminal = terminal
    this.#log = log
    this.#expectedTasks = expectedTasks
    this.#lines = openLiveLines(terminal, (space) => this.#linesIn(space))
  }

  record(event: ReportedEvent): void {
    this.#place.record(event)
    this.#tasks.record(event)
    this.#recordProgress(event)
    this.#lines.changed()
  }

  /** Prints a line above those that change. */
  readonly print = (text: string): void => this.#lines.print(text)

  /** The same; resolves once it is written. */
  readonly write = (text: string): Promise<void> => this.#lines.write(text)

  /** Leaves the lines as they are and shows the cursor again. */
  readonly close = (): void => this.#lines.close()

  #recordProgress({ event, payload, at }: ReportedEvent): void {
    switch (event) {
      case 'package.resolving':
        return this.#packages.showResolving(payload)
      case 'package.fetching':
        return this.#packages.showFetching(payload)
      case 'library.staging': {
        const { name, sizeBytes, stagedBytes: doneBytes } = payload
        const label = `stage ${name}`
        return this.#libraries.show(label, { label, sizeBytes, doneBytes, at })
      }
      case 'library.fetching': {
        const { sizeBytes, receivedBytes: doneBytes, place } = payload
        const note = place === undefined ? undefined : `waiting at place ${place}`
        return this.#showFetch(payload, { sizeBytes, doneBytes, at, note })
      }
      case 'library.fetched': {
        const { sizeBytes, source } = payload
        const note = source === 'cache' ? 'cached' : undefined
        return this.#showFetch(payload, { sizeBytes, doneBytes: sizeBytes, at, note })
      }
      case 'library.corrupted':
        return this.#libraries.restart(keyOf(payload))
      default:
    }
  }

  #showFetch(
    library: AgentLibrary,
    progress: Omit<Parameters<LibraryBars['show']>[1], 'label'>,
  ): void {
    const label = `${this.#log.hostOf(library.agentId)} ${library.name}`
    this.#libraries.show(keyOf(library), { label, ...progress })
  }

  #linesIn({ columns, rows }: Space): readonly string[] {
    const limit = Math.max(2, Math.floor(rows / shareOfRows) - 2)
    const bars = [...this.#packages.bars(), ...this.#libraries.bars(limit)]
    const { colours } = this.#terminal
    return [
      ...this.#place.lines(columns).map(colours.dim),
      ...bars.map((bar) => barLine(bar, columns, colours)),
      ...this.#tasks.lines(limit, columns, Date.now()),
      ...this.#taskBar().map((bar) => barLine(bar, columns, colours)),
    ]
  }

  #taskBar() {
    // Without tasks of its own, a run brings libraries to agents: their lines and bars say it all.
    if (this.#expectedTasks === 0) return []
    const totals = this.#log.totals()
    const done = totals.finished + totals.failed
    if (totals.launched + done === 0) return []
    const active = this.#tasks.count
    const total = Math.max(this.#expectedTasks, done + active)
    const parts = [describeTasks(totals, total)]
    if (active > 0) parts.push(`${active} on agents`)
    const figure = parts.join(', ')
    return [{ label: 'tasks', progress: { done, total }, figure }]
  }
}

function keyOf({ agentId, name }: AgentLibrary): string {
  return `${agentId} ${name}`
}
