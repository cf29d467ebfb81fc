/** The table of a run: a row per task with agent, state, duration and result. */
import type { TaskEnded } from '../../framework/facts/events.ts'
import { formatSeconds, printable } from '../output/printable.ts'
import { shortenPaths } from '../output/shorten-paths.ts'
import { tableLines } from '../output/table.ts'
import type { TableLook } from '../output/table.ts'
import type { RunRow } from './record/run-log.ts'

const heads = ['task', 'agent', 'host', 'state', 'seconds', 'result'] as const
/** On fewer there is no room for the agents beside their hosts, nor for a frame. */
const wideColumns = 80
/** More rows than a person reads are summed up. */
const maxRows = 100

/** The rows that are shown, failures first, and how many of each state are not. */
export function resultsTable(rows: readonly RunRow[], look: TableLook): string {
  const { red, green, yellow } = look.colours
  const all = rows.toSorted((one, other) => rankOf(one) - rankOf(other))
  const unlike = all.filter((row) => rankOf(row) < rankOfFinished)
  const shown = all.length <= maxRows ? all : unlike.slice(0, maxRows)
  const colours = [red, yellow, green]
  const isWide = look.columns >= wideColumns
  const shownHeads = heads.filter((head) => isWide || head !== 'agent')
  const lines = tableLines(
    {
      heads: shownHeads,
      rows: shown.map(toCells).map((cells) => shownHeads.map((head) => cells[head])),
      isFramed: look.isInteractive && isWide,
      isRight: (head) => head === 'seconds',
      paint(text, row, column) {
        const task = shown[row]
        if (shownHeads[column] !== 'state' || task === undefined) return text
        return (colours[rankOf(task)] ?? green)(text)
      },
    },
    look,
  )
  const rest = restLine(all.slice(shown.length), shown.length)
  return [...(shown.length === 0 ? [] : lines), ...rest].join('\n')
}

/** Failed first, then without an end, then finished. */
function rankOf({ end }: RunRow): number {
  if (end === undefined) return 1
  return end.error === undefined ? rankOfFinished : 0
}

const rankOfFinished = 2

/** `and 1990 TASK_FINISHED`; the tasks that no row shows, by state. */
function restLine(rest: readonly RunRow[], shownCount: number): readonly string[] {
  if (rest.length === 0) return []
  const states = new Map<string, number>()
  for (const row of rest) states.set(stateOf(row), (states.get(stateOf(row)) ?? 0) + 1)
  const parts = [...states].map(([state, amount]) => `${amount} ${state}`)
  const link = shownCount === 0 ? '' : 'and '
  return [`${link}${parts.join(', ')} (--json has a line for each)`]
}

/** A task's result in one line: what it returned or printed, or why it failed. */
export function resultText({ error, report }: Pick<TaskEnded, 'error' | 'report'>): string {
  if (error !== undefined) return String(error.details['message'] ?? error.message)
  if (typeof report?.result === 'string') return report.result
  if (report?.result !== undefined) return JSON.stringify(report.result)
  return report?.logTail?.trimEnd().split('\n').at(-1) ?? ''
}

function toCells(row: RunRow): Readonly<Record<(typeof heads)[number], string>> {
  const { taskId, agentId, hostname, durationMs, end } = row
  return {
    task: printable(taskId),
    // Agent ids of a master differ only in their last part.
    agent: printable(agentId?.split('-').at(-1) ?? '–'),
    host: printable(hostname ?? '–'),
    state: stateOf(row),
    seconds: durationMs === undefined ? '–' : formatSeconds(durationMs),
    result: end === undefined ? '' : shortenPaths(resultText(end)),
  }
}

function stateOf({ agentId, end }: RunRow): string {
  return printable(end?.state ?? stateWithoutStatus(agentId, end))
}

/** The state of a task that has no status from Mesos. */
function stateWithoutStatus(agentId: string | undefined, end: TaskEnded | undefined): string {
  if (agentId === undefined) return 'not launched'
  if (end === undefined) return 'not finished'
  return end.error?.code === 'TASK_FAILED' ? 'failed' : 'stopped'
}
