/** A plan as tables: libraries, agents, tasks, and the tasks that fit nowhere. */
import { describeConflicts } from '../../domain/class-path/describe-conflicts.ts'
import { count, formatBytes, printable } from '../output/printable.ts'
import { tableLines } from '../output/table.ts'
import type { Terminal } from '../output/terminal.ts'
import type { Plan, PlannedTask } from './make-plan.ts'

/** Longer lists are cut; `--json` has all of them. */
const maxRows = 100

export function printPlan(plan: Plan, terminal: Terminal): void {
  const { print } = terminal
  for (const part of [librariesOf, agentsOf, tasksOf]) {
    const lines = part(plan, terminal)
    if (lines.length > 0) print([...lines, ''].join('\n'))
  }
  print(verdict(plan, terminal))
}

function librariesOf({ libraries, conflicts }: Plan, terminal: Terminal): readonly string[] {
  if (libraries.length === 0) return ['no libraries are shipped']
  const rows = libraries.map(({ name, kind, sizeBytes, sha256 }) => {
    return [printable(name), kind, formatBytes(sizeBytes), sha256]
  })
  const bytes = libraries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const table = cut(rows, ['library', 'kind', 'size', 'sha256'], terminal)
  const found = conflicts === undefined ? [] : describeConflicts(conflicts)
  return [
    ...table,
    `${count(libraries.length, 'library', 'libraries')}, ${formatBytes(bytes)}`,
    ...found.map((text) => terminal.colours.yellow(printable(text))),
  ]
}

function agentsOf({ agents }: Plan, terminal: Terminal): readonly string[] {
  const rows = agents.map(({ hostname, cpus, memMb, diskMb, gpus, ports }) => {
    return [printable(hostname), ...[cpus, memMb, diskMb, gpus, ports].map(String)]
  })
  const heads = ['agent', 'free cpus', 'memory MB', 'disk MB', 'gpus', 'ports']
  return agents.length === 0 ? ['the master has no agents'] : cut(rows, heads, terminal)
}

function tasksOf({ tasks }: Plan, terminal: Terminal): readonly string[] {
  const order = { never: 0, later: 1, now: 2 } as const
  const sorted = tasks.toSorted((one, other) => order[one.fits] - order[other.fits])
  const rows = sorted.map((task) => {
    const { cpus = 0, memMb = 0, ...more } = task.need
    const others = Object.entries(more).map(([name, amount]) => `${name} ${String(amount)}`)
    return [
      printable(task.taskId),
      task.kind,
      `${cpus}`,
      `${memMb}`,
      others.join(', '),
      whereOf(task),
    ]
  })
  const paint = (text: string, row: number, column: number): string =>
    column === 5 && sorted[row]?.fits === 'never' ? terminal.colours.red(text) : text
  return cut(rows, ['task', 'kind', 'cpus', 'memory MB', 'more', 'where'], terminal, paint)
}

function whereOf({ fits, hostname = '' }: PlannedTask): string {
  if (fits === 'now') return `now on ${printable(hostname)}`
  return fits === 'later' ? 'later' : 'fits no agent'
}

function verdict({ tasks }: Plan, { colours }: Terminal): string {
  const amountOf = (fits: PlannedTask['fits']) => tasks.filter((task) => task.fits === fits).length
  const reasons = new Map<string, string[]>()
  for (const { taskId, why } of tasks)
    if (why !== undefined) reasons.set(why, [...(reasons.get(why) ?? []), taskId])
  const misfits = Array.from(reasons, ([why, taskIds]) => {
    const more = taskIds.length > 3 ? ` and ${taskIds.length - 3} more` : ''
    return colours.red(printable(`${taskIds.slice(0, 3).join(', ')}${more}: ${why}`))
  })
  const sums = `${amountOf('now')} of ${count(tasks.length, 'task')} would be launched now, ${amountOf('later')} later, ${amountOf('never')} nowhere`
  return [...misfits, `${sums}; nothing was launched`].join('\n')
}

function cut(
  rows: readonly (readonly string[])[],
  heads: readonly string[],
  terminal: Terminal,
  paint?: (text: string, row: number, column: number) => string,
): readonly string[] {
  const isRight = (head: string): boolean => /size|cpus|MB|gpus|ports/.test(head)
  const shown = { heads, rows: rows.slice(0, maxRows), isRight }
  const lines = tableLines(paint === undefined ? shown : { ...shown, paint }, terminal)
  const more = rows.length - maxRows
  return more > 0 ? [...lines, `and ${more} more`] : lines
}
