/** Tasks for people: failures first, then those that run, wait, and finished. */
import { count, formatBytes, formatElapsed, printable } from '../output/printable.ts'
import { tableLines } from '../output/table.ts'
import type { TableLook } from '../output/table.ts'
import { shortTaskLabel } from '../output/task-label.ts'
import type { RunView, TaskView } from '../../framework/control/run-views.ts'
import { countStates } from '../../framework/control/task-views.ts'

/** More tasks are summed up, and only those that did not finish are listed. */
const maxFinished = 50
const maxRows = 1000

const heads = ['task', 'state', 'time', 'host', 'result']

/** `isAll`: every task in a row. `now`: ms since the epoch. */
export function taskTable(
  tasks: readonly TaskView[],
  now: number,
  look: TableLook,
  isAll: boolean,
): string {
  const sorted = tasks.toSorted((one, other) => rankOf(one) - rankOf(other))
  const finished = tasks.filter(({ isOver, isFailure }) => isOver && !isFailure).length
  const isLong = !isAll && finished > maxFinished
  const listed = isLong ? sorted.filter(({ isOver, isFailure }) => !isOver || isFailure) : sorted
  const rows = isAll ? listed : listed.slice(0, maxRows)
  const lines = rows.length === 0 ? [] : rowLines(rows, now, look)
  const hidden = tasks.length - rows.length
  if (hidden > 0)
    lines.push(
      `… ${count(hidden, 'more task')}${isLong ? ', most of them finished' : ''}: list all with --all`,
    )
  lines.push(sumLine(sorted))
  return lines.join('\n')
}

function rowLines(tasks: readonly TaskView[], now: number, look: TableLook): string[] {
  const { red, dim } = look.colours
  const lines = tableLines(
    {
      heads,
      rows: tasks.map((task) => cellsOf(task, now)),
      isRight: (head) => head === 'time',
      isFramed: false,
      paint(text, row) {
        const { isFailure = false, isOver = false } = tasks[row] ?? {}
        if (isFailure) return red(text)
        return isOver ? dim(text) : text
      },
    },
    look,
  )
  return [...lines]
}

function cellsOf(task: TaskView, now: number): readonly string[] {
  const { id, attempt, hostname = '–', state } = task
  const label = shortTaskLabel(id)
  const name = attempt === 1 ? label : `${label} (attempt ${attempt})`
  return [name, stateWord(state), timeOf(task, now), hostname, resultOf(task)]
}

/** `running` of `TASK_RUNNING`. */
function stateWord(state: string): string {
  return printable(
    state
      .replace(/^TASK_/, '')
      .toLowerCase()
      .replaceAll('_', ' '),
  )
}

/** What it returned, why it failed, what it waits for; else its last line of output. */
function resultOf({ result, error, logTail = '', download, isOver }: TaskView): string {
  if (error !== undefined) return error.message.replace(/^task \S+:? (?:TASK_\w+: )?/, '')
  if (typeof result === 'string') return result
  if (result !== undefined) return JSON.stringify(result)
  if (download !== undefined) {
    const { library, bytes, totalBytes } = download
    return `fetching ${library}: ${formatBytes(bytes)} of ${formatBytes(totalBytes)}`
  }
  return isOver ? (logTail.trimEnd().split('\n').at(-1) ?? '') : ''
}

function timeOf({ startedAt, endedAt, isOver }: TaskView, now: number): string {
  if (startedAt === undefined) return ''
  const end = isOver ? endedAt : now
  return end === undefined ? '' : formatElapsed(end - startedAt)
}

function sumLine(sorted: readonly TaskView[]): string {
  const sums = countsText(countStates(sorted.map(({ state }) => state)))
  return `${count(sorted.length, 'task')}${sums === '' ? '' : `: ${sums}`}`
}

/** `3 failed, 2 running, 14 finished`. */
export function countsText(counts: RunView['tasks']): string {
  const parts = Object.entries(counts).map(([state, amount]) => `${amount} ${stateWord(state)}`)
  return parts.join(', ')
}

function rankOf({ isFailure, isOver, startedAt, place }: TaskView): number {
  if (isFailure) return 0
  if (isOver) return 4
  if (startedAt !== undefined) return 1
  return place === undefined ? 3 : 2
}

/** `name (id) at the master: running`. */
export function runLine(run: RunView): string {
  const { name, frameworkId = 'not registered yet', master } = run
  const at = master === undefined ? '' : ` at ${master}`
  return printable(`${name} (${frameworkId})${at}: ${lifeText(run)}`)
}

export function lifeText({ life, isRegistered, asOf }: RunView): string {
  if (life === 'gone')
    return `no process runs it; this is its state of ${new Date(asOf).toISOString()}`
  return life === 'running' && !isRegistered ? 'running, without a connection to a master' : life
}
