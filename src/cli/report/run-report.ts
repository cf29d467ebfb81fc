/** Shows a run while it goes on, and what came of it: as JSON lines, as plain lines, or with progress bars. */
import type { JarcastError } from '../../errors.ts'
import type { Framework } from '../../framework/framework.ts'
import { toJsonLine } from './event-json.ts'
import { describeEvent, describeUntold, isCausedBy } from './event-line.ts'
import type { EventLine } from './event-line.ts'
import { createOutageNotice } from './outage-notice.ts'
import { createProgressBars } from './progress-bars.ts'
import { watchFramework } from './reported-event.ts'
import type { ReportedEvent } from './reported-event.ts'
import { failuresText, resultsTable, summaryLine } from './results-table.ts'
import { createRunLog } from './run-log.ts'
import type { RunLog } from './run-log.ts'
import { openTerminal } from '../output/terminal.ts'
import type { Terminal } from '../output/terminal.ts'

export interface RunReportOptions {
  /** Where progress goes. Default stdout. */
  readonly stream?: NodeJS.WriteStream
  /** One JSON object per event in place of everything else. Default false. */
  readonly json?: boolean
  /** The tasks there are to run, in the order of the table's rows. */
  readonly taskIds: readonly string[]
}

export interface RunReport {
  readonly log: RunLog
  readonly terminal: Terminal
  /** Shows every event of `framework` from now on, and that `master` does not answer. */
  watch(framework: Pick<Framework, 'on' | 'off'>, master: string): void
  /** What the framework failed with, if it did. It is shown by whoever ends the program with it, but with `json`. */
  readonly failure: JarcastError | undefined
  /** A line more for people, nothing with `json`; fit for a terminal already. */
  note(text: string): void
  /** Takes the progress bars down; events are shown as lines from now on. */
  closeBars(): void
  /** Stops watching, takes the progress bars down and tells why tasks did not run. Has no effect the second time. */
  close(): void
  /**
   * Prints the table, the summary and why tasks failed; nothing with `json`. Call it once the framework stopped.
   * `recorded` tells of more than was watched here, but not how libraries came: that is told as it was watched.
   */
  printResults(recorded?: RunLog): void
}

/** A report that shows nothing until it watches a framework. */
export function createRunReport({
  stream = process.stdout,
  json = false,
  taskIds,
}: RunReportOptions): RunReport {
  const taskCount = taskIds.length
  const log = createRunLog(taskIds)
  const terminal = openTerminal(stream)
  const view = json ? jsonView(terminal) : peopleView(terminal, log, taskCount)
  const unwatchers: (() => void)[] = []
  let failure: JarcastError | undefined

  function close(): void {
    for (const unwatch of unwatchers.splice(0)) unwatch()
    view.close()
  }

  return {
    log,
    terminal,
    get failure() {
      return failure
    },
    watch(framework, master) {
      view.open(master)
      const unwatch = watchFramework(framework, (event) => {
        if (event.event === 'task.ended' && log.isOver(event.payload.taskId)) return
        if (event.event === 'framework.failed') failure = event.payload
        log.record(event)
        view.record(event)
      })
      unwatchers.push(unwatch)
    },
    note: view.note,
    closeBars: view.closeBars,
    close,
    printResults(recorded = log) {
      close()
      if (!json) printResults(terminal, { recorded, watched: log }, taskCount)
    },
  }
}

interface View {
  open(master: string): void
  record(event: ReportedEvent): void
  note(text: string): void
  closeBars(): void
  close(): void
}

function jsonView({ print }: Terminal): View {
  const record = (event: ReportedEvent): void => print(toJsonLine(event))
  return { record, open: ignore, note: ignore, closeBars: ignore, close: ignore }
}

function ignore(): void {
  // JSON is events and nothing else.
}

function peopleView(terminal: Terminal, log: RunLog, taskCount: number): View {
  const { colours, isInteractive } = terminal
  const bars = isInteractive ? createProgressBars(terminal, log, taskCount) : undefined
  const printLine = bars?.print ?? terminal.print
  const warn = (text: string): void => printLine(colours.yellow(text))
  const outage = createOutageNotice(warn)
  /** Errors of tasks whose end Mesos did not tell: in a failing framework these are all of them, for one reason. */
  let untold: JarcastError[] = []

  function keepUntold({ event, payload }: ReportedEvent): void {
    if (event === 'framework.failed') {
      untold = untold.filter((error) => !isCausedBy(error, payload))
    } else if (event === 'task.ended' && payload.state === undefined && payload.error) {
      untold.push(payload.error)
    }
  }

  function show({ kind, text }: EventLine): void {
    if (kind === 'warning') warn(text)
    else if (bars === undefined) terminal.print(text)
  }

  return {
    open: outage.open,
    note: warn,
    closeBars: () => bars?.close(),
    record(event) {
      outage.record(event)
      keepUntold(event)
      bars?.record(event)
      const line = describeEvent(event, log)
      if (line !== undefined) show(line)
    },
    close() {
      outage.close()
      bars?.close()
      for (const line of describeUntold(untold.splice(0))) warn(line)
    },
  }
}

function printResults(
  terminal: Terminal,
  { recorded, watched }: { readonly recorded: RunLog; readonly watched: RunLog },
  taskCount: number,
): void {
  const rows = recorded.rows()
  if (rows.length > 0) terminal.print(`\n${resultsTable(rows, terminal)}`)
  // The journal does not record how libraries arrived.
  const { requests, bytesServed, fetched, cacheHits, corrupted } = watched.totals()
  const came = { requests, bytesServed, fetched, cacheHits, corrupted }
  terminal.print(summaryLine({ ...recorded.totals(), ...came }, taskCount))
  const failures = failuresText(rows, terminal)
  if (failures !== '') terminal.print(`\n${failures}`)
}
