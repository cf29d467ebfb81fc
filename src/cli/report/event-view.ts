/** The two ways to show the events of a run: JSON lines, or text for people. */
import type { JarcastError } from '../../errors.ts'
import { jsonEvent } from '../output/json-event.ts'
import type { Terminal } from '../output/terminal.ts'
import { toJsonLine, toOutputJson } from './event-json.ts'
import { describeEvent } from './event-line.ts'
import { describeReasons, isCausedBy } from './failures.ts'
import type { EventLine } from './line.ts'
import { LiveView } from './live/live-view.ts'
import { OutageNotice } from './outage-notice.ts'
import { createOutputPrinter } from './output/output-printer.ts'
import type { PrintOutput } from './output/output-printer.ts'
import type { ReportedEvent } from './record/reported-event.ts'
import type { RunLog } from './record/run-log.ts'

export interface EventView {
  /** The framework connects to `master` from now on. */
  open(master: string): void
  /** Shows an event that the log has recorded. */
  record(event: ReportedEvent): void
  note(text: string): void
  /** Shows what a task wrote. */
  readonly output: PrintOutput
  /** Later events are shown as lines. */
  closeLive(): void
  close(): void
}

/** A line per event, and a last one with the numbers of the run. */
export function createJsonView(terminal: Terminal, log: RunLog, taskCount: number): EventView {
  const { print, stream } = terminal
  let state: 'new' | 'open' | 'closed' = 'new'

  function close(): void {
    if (state === 'open') {
      print(jsonEvent('run.summary', { tasks: taskCount, ...log.totals() }))
    }
    state = 'closed'
  }

  return {
    open: () => void (state = 'open'),
    record: (event) => print(toJsonLine(event)),
    note: ignore,
    output: (lines) =>
      new Promise((resolve) => {
        stream.write(`${toOutputJson(lines, Date.now())}\n`, (error) => resolve(!error))
      }),
    closeLive: ignore,
    close,
  }
}

function ignore(): void {
  // JSON is events and nothing else.
}

/** Lines that change, and warnings, on a terminal; elsewhere a line per event. */
export function createPeopleView(terminal: Terminal, log: RunLog, taskCount: number): EventView {
  const { colours, isInteractive } = terminal
  const live = isInteractive ? new LiveView(terminal, log, taskCount) : undefined
  const printLine = live?.print ?? terminal.print
  const warn = (text: string): void => printLine(colours.yellow(text))
  const outage = new OutageNotice(warn)
  /** Errors of tasks that ended with the framework: many tasks, few reasons. */
  let unreported: JarcastError[] = []

  function keepUnreported({ event, payload }: ReportedEvent): void {
    if (event === 'framework.failed') {
      unreported = unreported.filter((error) => !isCausedBy(error, payload.error))
    } else if (event === 'task.ended' && payload.state === undefined && payload.error) {
      unreported.push(payload.error)
    }
  }

  function show({ kind, text }: EventLine): void {
    if (kind === 'warning') warn(text)
    else if (live === undefined) terminal.print(text)
  }

  return {
    open: outage.open,
    note: warn,
    output: createOutputPrinter({ terminal, live, hasPrefix: taskCount > 1 }),
    closeLive: () => live?.close(),
    record(event) {
      outage.record(event)
      keepUnreported(event)
      live?.record(event)
      const line = describeEvent(event, log)
      if (line !== undefined) show(line)
    },
    close() {
      outage.close()
      live?.close()
      for (const line of describeReasons(unreported.splice(0))) warn(line)
    },
  }
}
