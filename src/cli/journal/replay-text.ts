/** A replay in columns: a row per machine that changed its state or requested an effect. */
import type { AnyStateMachine } from 'xstate'
import { tasksOf } from '../../machines/scheduler/tasks/table/task-table.ts'
import type { ReplayStep } from '../../journal/replay/replay.ts'
import type { StateChange } from '../../journal/replay/state-changes.ts'
import type { ExecutorSnapshot } from '../../machines/executor/executor.ts'
import { outcomesOf, taskTableOf } from '../../machines/scheduler/components.ts'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'
import { messageOf } from '../../errors.ts'
import { isRecord, parseJson } from '../../domain/json.ts'
import { effectSummary, eventSummary } from '../../domain/event-summary.ts'
import { count, printable, shorten } from '../output/printable.ts'
import type { Colours } from '../output/terminal.ts'

export type AnyStep = ReplayStep<AnyStateMachine>

interface Row {
  readonly actorId: string
  readonly transition: StateChange | undefined
  readonly effects: readonly string[]
}

export interface RowOptions {
  /** Id of the root machine, for entries that change nothing. */
  readonly rootId: string
  /** Ms since the epoch; times are shown relative to it. */
  readonly startedAt: number
  /** Show only rows of this machine. */
  readonly actorId: string | undefined
  readonly colours: Colours
}

const widths = { seq: 7, time: 11, actor: 23, event: 40, transition: 48 }
const head = ['seq', 'time', 'actor', 'event', 'from → to', 'effects']

export function headText(colours: Colours): string {
  return colours.bold(columns(head))
}

/** The rows of one entry; none if the requested actor did nothing in it. */
export function stepText(step: AnyStep, options: RowOptions): readonly string[] {
  const { rootId, startedAt, actorId, colours } = options
  const rows = rowsOf(step, rootId).filter(
    (row) => actorId === undefined || row.actorId === actorId,
  )
  const event = step.entry?.event as ({ readonly type: string } & object) | undefined
  const what =
    event === undefined ? (step.entry === undefined ? '(start)' : '(time)') : eventSummary(event)
  const lines = rows.map((row, index) => {
    const isFirst = index === 0
    const line = columns([
      isFirst ? String(step.seq) : '',
      isFirst ? secondsText(step.now - startedAt) : '',
      row.actorId,
      isFirst ? shorten(what, widths.event) : '',
      row.transition === undefined ? '' : transitionText(row.transition),
      row.effects.join(', '),
    ])
    return row.transition === undefined ? line : colours.green(line)
  })
  const mismatches = step.mismatches.map(({ recorded, replayed }) =>
    colours.red(
      `≠ after entry ${step.seq} the recorded hash is ${recorded}, that of the replay ${replayed}`,
    ),
  )
  const rejections = step.rejections.map(({ event: { type }, error }) =>
    colours.red(`✗ rejected: ${type} makes the machine throw: ${printable(messageOf(error))}`),
  )
  return [...lines, ...rejections, ...mismatches]
}

/** `+1.250 s` */
export function secondsText(ms: number): string {
  return `+${(ms / 1000).toFixed(3)} s`
}

/** `active.running`; of several regions `{a.b, c.d}`; `(one state)` for a machine without names. */
export function stateName(value: unknown): string {
  if (!isRecord(value)) return String(value)
  const regions = Object.entries(value).map(([key, below]) => `${key}.${stateName(below)}`)
  if (regions.length === 0) return '(one state)'
  return regions.length === 1 ? String(regions[0]) : `{${regions.join(', ')}}`
}

/** Counts what a state holds: `tasks` by their state, `outcomes` of ended tasks. */
export function tallyOf(machineId: string, snapshot: unknown): Readonly<Record<string, unknown>> {
  if (machineId === 'scheduler') {
    const scheduler = snapshot as SchedulerSnapshot
    const states = [...tasksOf(taskTableOf(scheduler))].map(({ state }) => state)
    return { tasks: countEach(states), outcomes: outcomesOf(scheduler).size }
  }
  const { runs, updates } = (snapshot as ExecutorSnapshot).context
  return { tasks: countEach(Object.values(runs)), updates: updates.length }
}

/** `3 tasks under way: 1 pending, 2 running; 5 outcomes`. */
export function tallyText({ tasks, ...others }: ReturnType<typeof tallyOf>): string {
  const states = Object.entries(tasks as Record<string, number>)
  const sum = states.reduce((total, [, amount]) => total + amount, 0)
  const byState = states.map(([state, amount]) => `${amount} ${state}`).join(', ')
  return [
    `${count(sum, 'task')} under way${byState === '' ? '' : `: ${byState}`}`,
    ...Object.entries(others).map(([name, amount]) => `${String(amount)} ${name}`),
  ].join('; ')
}

/** Machines with a new state, then those with effects only; the root if there are neither. */
function rowsOf({ changes, effects }: AnyStep, rootId: string): readonly Row[] {
  const changed = new Map(changes.map((change) => [change.actorId, change]))
  const ids = [...new Set([...changed.keys(), ...effects.map(({ actorId }) => actorId)])]
  return (ids.length === 0 ? [rootId] : ids).map((actorId) => ({
    actorId,
    transition: changed.get(actorId),
    effects: effects.filter((effect) => effect.actorId === actorId).map(effectSummary),
  }))
}

function transitionText({ from, to }: StateChange): string {
  return [from, to].map((state) => (state === undefined ? '–' : nameOfText(state))).join(' → ')
}

/** A state of several regions comes as JSON. */
function nameOfText(state: string): string {
  return state.startsWith('{') ? stateName(parseJson(state)) : state
}

function columns(cells: readonly string[]): string {
  const [seq = '', time = '', actor = '', event = '', transition = '', effects = ''] = cells
  const line = [
    seq.padStart(widths.seq),
    time.padStart(widths.time),
    actor.padEnd(widths.actor),
    event.padEnd(widths.event),
    transition.padEnd(widths.transition),
    effects,
  ].join('  ')
  return printable(line).trimEnd()
}

function countEach(names: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return Object.fromEntries([...counts].toSorted(([one], [other]) => (one < other ? -1 : 1)))
}
