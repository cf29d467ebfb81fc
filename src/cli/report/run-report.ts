/** Shows a run: its events as JSON, as plain lines or as lines that change, and its results. */
import type { JarcastError } from '../../errors.ts'
import type { Framework } from '../../framework/framework.ts'
import { openTerminal } from '../output/terminal.ts'
import type { Terminal } from '../output/terminal.ts'
import { createJsonView, createPeopleView } from './event-view.ts'
import { failuresText } from './failures.ts'
import type { PrintOutput } from './output/output-printer.ts'
import { watchFramework } from './record/reported-event.ts'
import type { ReportedEvent } from './record/reported-event.ts'
import { nextStep } from './next-step.ts'
import { resultsTable } from './results-table.ts'
import { createRunLog } from './record/run-log.ts'
import type { RunLog } from './record/run-log.ts'
import { summaryLine } from './record/summary-line.ts'

export interface RunReportOptions {
  /** Where to write. Default stdout. */
  readonly stream?: NodeJS.WriteStream
  /** Print one JSON object per event and nothing else. Default false. */
  readonly json?: boolean
  /** The tasks of the run, in the order of the table's rows. */
  readonly taskIds: readonly string[]
  /** Folder of the run's journal, which the last line names. */
  readonly journal?: string | undefined
  /** The cluster ends with the run. Default false. */
  readonly hasOwnCluster?: boolean
}

export interface RunReport {
  readonly log: RunLog
  readonly terminal: Terminal
  /** Shows every event of `framework` from now on, and outages of `master`. */
  watch(framework: Pick<Framework, 'on' | 'off'>, master: string): void
  /** Why the framework failed, if it did. The program prints it at its end. */
  readonly failure: JarcastError | undefined
  /** Prints a line for people, fit for a terminal already; nothing with `json`. */
  note(text: string): void
  /** Shows what a task wrote, until the close; with `json`, as events. */
  readonly output: PrintOutput
  /** Ends the lines that change; further events are shown as lines that stay. */
  closeLive(): void
  /**
   * Stops watching, ends the lines that change, and prints why tasks did not run. Has no effect the
   * second time.
   */
  close(): void
  /**
   * Prints the table, the summary and why tasks failed; nothing with `json`. Call it once the
   * framework has stopped. `recorded` has the tasks of the whole run; what the jar server sent and
   * executors fetched is in no journal and comes from the watched events.
   */
  printResults(recorded?: RunLog): void
}

/** A report that shows nothing until it watches a framework. */
export function createRunReport({
  stream = process.stdout,
  json = false,
  taskIds,
  journal,
  hasOwnCluster: isClusterOver = false,
}: RunReportOptions): RunReport {
  const taskCount = taskIds.length
  const log = createRunLog(taskIds)
  const terminal = openTerminal(stream)
  const view = json
    ? createJsonView(terminal, log, taskCount)
    : createPeopleView(terminal, log, taskCount)
  const unwatchers: (() => void)[] = []
  let failure: JarcastError | undefined
  let isClosed = false

  function record(event: ReportedEvent): void {
    // With a journal, the end of a task may be repeated.
    if (event.event === 'task.ended' && log.isOver(event.payload.taskId)) return
    if (event.event === 'framework.failed') failure = event.payload.error
    log.record(event)
    view.record(event)
  }

  function close(): void {
    isClosed = true
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
      unwatchers.push(watchFramework(framework, record))
    },
    note: view.note,
    // What is read meanwhile would come after the summary.
    output: (lines) => (isClosed ? Promise.resolve(false) : view.output(lines)),
    closeLive: view.closeLive,
    close,
    printResults(recorded = log) {
      close()
      if (json) return
      printResults(terminal, { recorded, watched: log }, taskCount)
      const hasFailures = recorded.totals().failed > 0
      const next = nextStep({ journal, isClusterOver, hasFailures })
      if (next !== undefined) terminal.print(`\n${terminal.colours.dim(next)}`)
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
  const { requests, bytesServed, fetched, fetchedBytes, cacheHits, corrupted } = watched.totals()
  const delivered = { requests, bytesServed, fetched, fetchedBytes, cacheHits, corrupted }
  terminal.print(summaryLine({ ...recorded.totals(), ...delivered }, taskCount))
  const failures = failuresText(rows, terminal)
  if (failures !== '') terminal.print(`\n${failures}`)
}
