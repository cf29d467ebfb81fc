/** The table of a run: a row per task with agent, state, duration and result. */
import type { TaskEnded } from '../../framework/facts/events.ts'
import { formatSeconds, printable, shorten } from '../output/printable.ts'
import { createTable, tableLines } from '../output/table.ts'
import type { Terminal } from '../output/terminal.ts'
import type { RunRow } from './run-log.ts'

type Look = Pick<Terminal, 'isInteractive' | 'colours' | 'columns'>

const heads = ['task', 'agent', 'host', 'state', 'seconds', 'result']
const minResultWidth = 24
const stateColumn = heads.indexOf('state')

/** Framed and coloured on a terminal, else columns padded with blanks. One line per row. */
export function resultsTable(rows: readonly RunRow[], look: Look): string {
  const { colours, columns } = look
  const cells = rows.map(toCells)
  const resultWidth = Math.max(minResultWidth, columns - widthBesideResult(cells))
  const table = createTable(heads, look, (head) => head === 'seconds')
  for (const [index, row] of cells.entries()) {
    const colour = rows[index]?.end?.error === undefined ? colours.green : colours.red
    table.push([
      ...row.slice(0, stateColumn),
      colour(row[stateColumn] ?? ''),
      ...row.slice(stateColumn + 1, -1),
      shorten(row.at(-1) ?? '', resultWidth),
    ])
  }
  return withoutRules(tableLines(table)).join('\n')
}

/** Without the rules between the rows, but for the one below the heads. */
function withoutRules(lines: readonly string[]): readonly string[] {
  const headLine = lines.findIndex((line) => line.startsWith('├'))
  return lines.filter((line, index) => !line.startsWith('├') || index === headLine)
}

/** The other columns at their widest, each with a border and a blank on both sides. */
function widthBesideResult(cells: readonly (readonly string[])[]): number {
  const widths = heads.slice(0, -1).map((head, column) => {
    return Math.max(head.length, ...cells.map((row) => Array.from(row[column] ?? '').length))
  })
  return widths.reduce((sum, width) => sum + width + 3, 0) + 4
}

/** A task's result in one line: what it returned or printed, or why it failed. */
export function resultText({ error, report }: Pick<TaskEnded, 'error' | 'report'>): string {
  if (error !== undefined) return String(error.details['message'] ?? error.message)
  if (typeof report?.result === 'string') return report.result
  if (report?.result !== undefined) return JSON.stringify(report.result)
  return report?.logTail?.trimEnd().split('\n').at(-1) ?? ''
}

function toCells({ taskId, agentId, hostname, durationMs, end }: RunRow): readonly string[] {
  return [
    printable(taskId),
    // Agent ids of a master differ only in their last part.
    printable(agentId?.split('-').at(-1) ?? '–'),
    printable(hostname ?? '–'),
    printable(end?.state ?? stateWithoutStatus(agentId, end)),
    durationMs === undefined ? '–' : formatSeconds(durationMs),
    end === undefined ? '' : resultText(end),
  ]
}

/** The state of a task that has no status from Mesos. */
function stateWithoutStatus(agentId: string | undefined, end: TaskEnded | undefined): string {
  if (agentId === undefined) return 'not launched'
  if (end === undefined) return 'not finished'
  return end.error?.code === 'TASK_FAILED' ? 'failed' : 'stopped'
}
