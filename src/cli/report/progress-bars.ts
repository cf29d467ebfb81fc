/** Bars for libraries that are staged and downloaded, and for the tasks; only for terminals. */
import type { SingleBar } from 'cli-progress'
import { describeTasks } from './event-line.ts'
import { closeBars, openBars, padLabel, printAbove } from '../output/multi-bar.ts'
import { createPackageBars } from '../output/package-bars.ts'
import { formatBytes } from '../output/printable.ts'
import type { ReportedEvent } from './reported-event.ts'
import type { RunLog } from './run-log.ts'
import type { Terminal } from '../output/terminal.ts'

export interface ProgressBars {
  record(event: ReportedEvent): void
  /** Prints a line above the bars. */
  print(text: string): void
  /** Leaves the bars as they are and gives the cursor back. */
  close(): void
}

/** Many agents with many libraries would fill more than a screen. */
const maxLibraryBars = 12

/** `log` has recorded each event before it comes here. */
export function createProgressBars(
  terminal: Terminal,
  log: Pick<RunLog, 'hostOf' | 'totals'>,
  expectedTasks: number,
): ProgressBars {
  const bars = openBars(terminal)
  const packages = createPackageBars(bars)
  const libraries = new Map<string, SingleBar>()
  let tasks: SingleBar | undefined
  let isOpen = true
  process.once('exit', close)

  function showLibrary(key: string, label: string, progress: Progress): void {
    const { doneBytes, sizeBytes, note = '' } = progress
    const total = Math.max(1, sizeBytes)
    const value = sizeBytes === 0 ? total : doneBytes
    const payload = { label: padLabel(label), figure: `${formatBytes(sizeBytes)}${note}` }
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
    const payload = { label: padLabel('tasks'), figure }
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
      case 'package.resolving':
        return packages.showResolving(payload)
      case 'package.fetching':
        return packages.showFetching(payload)
      case 'library.fetching':
      case 'library.corrupted':
      case 'library.fetched': {
        const { agentId, name } = payload
        const key = `${agentId} ${name}`
        const label = `${log.hostOf(agentId)} ${name}`
        if (event === 'library.corrupted') {
          libraries.get(key)?.update(0)
        } else if (event === 'library.fetching') {
          const { receivedBytes: doneBytes, place } = payload
          const note = place === undefined ? '' : `, waiting at place ${place}`
          showLibrary(key, label, { ...payload, doneBytes, note })
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
    closeBars(bars)
  }

  return {
    record,
    print(text) {
      if (isOpen) printAbove(bars, terminal, text)
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
