/** The progress of a run on a terminal: packages, libraries and tasks. */
import type { MultiBar, SingleBar } from 'cli-progress'
import { closeBars, openBars, padLabel, printAbove } from '../output/multi-bar.ts'
import { createPackageBars } from '../output/package-bars.ts'
import type { PackageBars } from '../output/package-bars.ts'
import type { Terminal } from '../output/terminal.ts'
import { createLibraryBars } from './library-bars.ts'
import type { LibraryBars, LibraryProgress } from './library-bars.ts'
import type { EventPayload, ReportedEvent } from './reported-event.ts'
import type { RunLog } from './run-log.ts'
import { describeTasks } from './summary-line.ts'

type AgentLibrary = Pick<EventPayload<'library.fetched'>, 'agentId' | 'name'>

export class ProgressBars {
  readonly #terminal: Terminal
  readonly #log: Pick<RunLog, 'hostOf' | 'totals'>
  readonly #expectedTasks: number
  readonly #bars: MultiBar
  readonly #packages: PackageBars
  readonly #libraries: LibraryBars
  #tasks: SingleBar | undefined
  #isOpen = true

  /** `log` records each event before `record` shows it. */
  constructor(terminal: Terminal, log: Pick<RunLog, 'hostOf' | 'totals'>, expectedTasks: number) {
    this.#terminal = terminal
    this.#log = log
    this.#expectedTasks = expectedTasks
    this.#bars = openBars(terminal)
    this.#packages = createPackageBars(this.#bars)
    this.#libraries = createLibraryBars(this.#bars)
    process.once('exit', this.close)
  }

  record({ event, payload }: ReportedEvent): void {
    if (!this.#isOpen) return
    switch (event) {
      case 'package.resolving':
        return this.#packages.showResolving(payload)
      case 'package.fetching':
        return this.#packages.showFetching(payload)
      case 'library.staging': {
        const { name, sizeBytes, stagedBytes: doneBytes } = payload
        const label = `stage ${name}`
        return this.#libraries.show(label, label, { sizeBytes, doneBytes })
      }
      case 'library.fetching': {
        const { sizeBytes, receivedBytes: doneBytes, place } = payload
        const note = place === undefined ? '' : `, waiting at place ${place}`
        return this.#showFetch(payload, { sizeBytes, doneBytes, note })
      }
      case 'library.fetched': {
        const { sizeBytes, source } = payload
        const note = source === 'cache' ? ', cached' : ''
        return this.#showFetch(payload, { sizeBytes, doneBytes: sizeBytes, note })
      }
      case 'library.corrupted':
        return this.#libraries.restart(keyOf(payload))
      case 'task.launched':
      case 'task.ended':
        return this.#showTasks()
      default:
    }
  }

  /** Prints a line above the bars. */
  readonly print = (text: string): void => {
    if (this.#isOpen) printAbove(this.#bars, this.#terminal, text)
    else this.#terminal.print(text)
  }

  /** Leaves the bars as they are and shows the cursor again. */
  readonly close = (): void => {
    if (!this.#isOpen) return
    this.#isOpen = false
    process.off('exit', this.close)
    closeBars(this.#bars)
  }

  #showFetch(library: AgentLibrary, progress: LibraryProgress): void {
    const label = `${this.#log.hostOf(library.agentId)} ${library.name}`
    this.#libraries.show(keyOf(library), label, progress)
  }

  #showTasks(): void {
    const totals = this.#log.totals()
    const figure = describeTasks(totals, this.#expectedTasks)
    const payload = { label: padLabel('tasks'), figure }
    this.#tasks ??= this.#bars.create(Math.max(1, this.#expectedTasks), 0, payload)
    this.#tasks.update(totals.finished + totals.failed, payload)
  }
}

function keyOf({ agentId, name }: AgentLibrary): string {
  return `${agentId} ${name}`
}
