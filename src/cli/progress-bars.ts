/** Bars for libraries that are staged and downloaded, and for the tasks; only for terminals. */
import { MultiBar } from 'cli-progress'
import type { SingleBar } from 'cli-progress'
import { describeTasks } from './event-line.ts'
import { formatBytes, printable, shorten } from './printable.ts'
import type { ReportedEvent } from './reported-event.ts'
import type { RunLog } from './run-log.ts'
import type { Terminal } from './terminal.ts'

export interface ProgressBars {
  record(event: ReportedEvent): void
  /** Prints a line above the bars. */
  print(text: string): void
  /** Leaves the bars as they are and gives the cursor back. */
  close(): void
}

const labelWidth = 34
/** What was on the line before may be longer. */
const clearLine = '\u001b[2K'
/** Many agents with many libraries would fill more than a screen. */
const maxLibraryBars = 12

/** `log` has recorded each event before it comes here. */
export function createProgressBars(
  terminal: Terminal,
  log: Pick<RunLog, 'hostOf' | 'totals'>,
  expectedTasks: number,
): ProgressBars {
  const { colours } = terminal
  const bars = new MultiBar({
    stream: terminal.stream,
    format: ` {label} ${colours.cyan('{bar}')} {figure}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    linewrap: false,
    emptyOnZero: true,
    // Else lines printed above move away the bars that have not changed.
    forceRedraw: true,
    // The signals are handled in one place, which stops the framework first.
    gracefulExit: false,
  })
  const libraries = new Map<string, SingleBar>()
  let tasks: SingleBar | undefined
  let isOpen = true
  process.once('exit', close)

  function showLibrary(key: string, label: string, progress: Progress): void {
    const { doneBytes, sizeBytes, note = '' } = progress
    const total = Math.max(1, sizeBytes)
    const value = sizeBytes === 0 ? total : doneBytes
    const payload = { label: pad(label), figure: `${formatBytes(sizeBytes)}${note}` }
    const bar = libraries.get(key)
    if (bar !== undefined) {
      bar.setTotal(total)
      bar.update(value, payload)
    } else if (libraries.size < maxLibraryBars) {
      libraries.set(key, bars.create(total, value, payload))
    }
  }

  function showTasks(): void {
    const { finished, failed } = log.totals()
    const figure = describeTasks(finished, failed, expectedTasks)
    const payload = { label: pad('tasks'), figure }
    tasks ??= bars.create(Math.max(1, expectedTasks), 0, payload)
    tasks.update(finished + failed, payload)
  }

  function record({ event, payload }: ReportedEvent): void {
    if (!isOpen) return
    switch (event) {
      case 'library.staging':
        return showLibrary(`stage ${payload.name}`, `stage ${payload.name}`, {
          ...payload,
          doneBytes: payload.stagedBytes,
        })
      case 'package.fetching': {
        const { package: id, fetchedBytes: doneBytes, sizeBytes } = payload
        if (sizeBytes !== undefined)
          showLibrary(`fetch ${id}`, `fetch ${id}`, { sizeBytes, doneBytes })
        return
      }
      case 'library.fetching':
      case 'library.corrupted':
      case 'library.fetched': {
        const { agentId, name } = payload
        const key = `${agentId} ${name}`
        const label = `${log.hostOf(agentId)} ${name}`
        if (event === 'library.corrupted') {
          libraries.get(key)?.update(0)
        } else if (event === 'library.fetching') {
          showLibrary(key, label, { ...payload, doneBytes: payload.receivedBytes })
        } else {
          const note = payload.source === 'cache' ? ', cached' : ''
          showLibrary(key, label, { ...payload, doneBytes: payload.sizeBytes, note })
        }
        return
      }
      case 'task.launched':
      case 'task.ended':
        return showTasks()
      default:
    }
  }

  function close(): void {
    if (!isOpen) return
    isOpen = false
    process.off('exit', close)
    // Lines that wait are only written by an update.
    if (bars.isActive) bars.update()
    if (bars.isActive) bars.stop()
  }

  return {
    record,
    print(text) {
      if (isOpen && bars.isActive) bars.log(`${clearLine}${text}\n`)
      else terminal.print(text)
    },
    close,
  }
}

interface Progress {
  readonly doneBytes: number
  readonly sizeBytes: number
  readonly note?: string
}

function pad(label: string): string {
  return shorten(printable(label), labelWidth).padEnd(labelWidth)
}
