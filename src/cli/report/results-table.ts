/** What a run came to, for people: a row per task, the sums, and why tasks failed. */
import Table from 'cli-table3'
import type { TaskEnded } from '../../framework/facts/events.ts'
import { describeFailure, describeTasks } from './event-line.ts'
import { count, formatBytes, formatSeconds, printable, shorten } from '../output/printable.ts'
import type { RunRow, RunTotals } from './run-log.ts'
import type { Terminal } from '../output/terminal.ts'

type Look = Pick<Terminal, 'isInteractive' | 'colours' | 'columns'>

const heads = ['task', 'agent', 'host', 'state', 'seconds', 'result']
const minResultWidth = 24
const stateColumn = heads.indexOf('state')
const borders =
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle'
export const borderless = {
  chars: Object.fromEntries(borders.split(' ').map((name) => [name, ''])),
  style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
}
const framed = { style: { head: [], border: [] } }

/** Framed and coloured on a terminal, else columns padded with blanks. One line per row. */
export function resultsTable(rows: readonly RunRow[], look: Look): string {
  const { isInteractive, colours, columns } = look
  const cells = rows.map(toCells)
  const resultWidth = Math.max(minResultWidth, columns - widthBesideResult(cells))
  const table = new Table({
    head: heads.map((head) => colours.bold(head)),
    colAligns: ['left', 'left', 'left', 'left', 'right', 'left'],
    ...(isInteractive ? framed : borderless),
  })
  for (const [index, row] of cells.entries()) {
    const colour = rows[index]?.end?.error === undefined ? colours.green : colours.red
    table.push([
      ...row.slice(0, stateColumn),
      colour(row[stateColumn] ?? ''),
      ...row.slice(stateColumn + 1, -1),
      shorten(row.at(-1) ?? '', resultWidth),
    ])
  }
  const lines = table.toString().split('\n')
  const headLine = lines.findIndex((line) => line.startsWith('├'))
  return lines
    .filter((line, index) => !line.startsWith('├') || index === headLine)
    .map((line) => line.trimEnd())
    .join('\n')
}

/** The other columns at their widest, each with a border and a blank on both sides. */
function widthBesideResult(cells: readonly (readonly string[])[]): number {
  const widths = heads.slice(0, -1).map((head, column) => {
    return Math.max(head.length, ...cells.map((row) => Array.from(row[column] ?? '').length))
  })
  return widths.reduce((sum, width) => sum + width + 3, 0) + 4
}

/** One line: tasks, bytes served, cache hits, and what went wrong on the way, if anything did. */
export function summaryLine(totals: RunTotals, expectedTasks: number): string {
  const { finished, failed, bytesServed, requests, fetched, cacheHits, corrupted, retried } = totals
  return [
    describeTasks(finished, failed, expectedTasks),
    `${formatBytes(bytesServed)} served in ${count(requests, 'request')}`,
    `${count(fetched, 'library', 'libraries')} fetched, ${count(cacheHits, 'cache hit')}`,
    ...(corrupted === 0 ? [] : [`${count(corrupted, 'corrupted download')} fetched again`]),
    ...(retried === 0 ? [] : [`${retried} tried again`]),
  ].join('; ')
}

/** Message and log tail of each task that Mesos says failed; the report tells why others did not run. */
export function failuresText(rows: readonly RunRow[], { colours }: Pick<Look, 'colours'>): string {
  return rows
    .flatMap(({ end }) => {
      if (end?.error === undefined || end.state === undefined) return []
      const tail = logTailOf(end)
      return [colours.red(describeFailure(end.error)), ...(tail === '' ? [] : [indent(tail)])]
    })
    .join('\n')
}

/** The end of what a task wrote, fit for a terminal; empty when it is not known. */
export function logTailOf({ report }: Pick<TaskEnded, 'report'>): string {
  return printable(report?.logTail ?? '').trimEnd()
}

/** A task's result on a line: what it returned or printed, or why it failed. */
export function resultText({ error, report }: Pick<TaskEnded, 'error' | 'report'>): string {
  if (error !== undefined) return String(error.details['message'] ?? error.message)
  if (typeof report?.result === 'string') return report.result
  if (report?.result !== undefined) return JSON.stringify(report.result)
  return report?.logTail?.trimEnd().split('\n').at(-1) ?? ''
}

function toCells({ taskId, agentId, hostname, durationMs, end }: RunRow): readonly string[] {
  return [
    printable(taskId),
    // An agent's id is the master's own id with a number: the number tells agents apart.
    printable(agentId?.split('-').at(-1) ?? '–'),
    printable(hostname ?? '–'),
    printable(end?.state ?? stateWithoutStatus(agentId, end)),
    durationMs === undefined ? '–' : formatSeconds(durationMs),
    end === undefined ? '' : resultText(end),
  ]
}

/** Mesos has the last word on a state; these are the tasks it said nothing of. */
function stateWithoutStatus(agentId: string | undefined, end: TaskEnded | undefined): string {
  if (agentId === undefined) return 'not launched'
  if (end === undefined) return 'not over'
  return end.error?.code === 'TASK_FAILED' ? 'failed' : 'stopped'
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ')
}
