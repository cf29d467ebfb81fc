/** A replay in columns: a row per machine that changed its state or requested an effect. */
import type { AnyStep } from '../journal/verify-journal.ts'
import type { StateChange } from '../../journal/replay/state-changes.ts'
import { messageOf } from '../../errors.ts'
import { isRecord, parseJson } from '../../domain/json.ts'
import { effectSummary, eventSummary } from '../../domain/event-summary.ts'
import { printable, shorten } from '../output/printable.ts'
import type { Colours } from '../output/terminal.ts'
import { detailOf } from './event-detail.ts'
import type { EventDetail } from './event-detail.ts'
import { rowText, widthsFor } from './replay-columns.ts'
import type { ColumnOptions } from './replay-columns.ts'

interface Row {
  readonly actorId: string
  readonly transition: StateChange | undefined
  readonly effects: readonly string[]
}

export interface RowOptions extends ColumnOptions {
  /** Id of the root machine, for entries that change nothing. */
  readonly rootId: string
  /** Ms since the epoch; times are shown relative to it. */
  readonly startedAt: number
  /** Show only rows of this machine. */
  readonly actorId: string | undefined
  readonly colours: Colours
}

const maxDetail = 1000
const indent = ' '.repeat(22)
const head = ['seq', 'time', 'actor', 'event', 'from → to', 'effects']

export function headText(options: Pick<RowOptions, 'colours' | 'times' | 'columns'>): string {
  return options.colours.bold(rowText(head, widthsFor(options)))
}

/** The rows of one entry; none if the requested actor did nothing in it. */
export function stepText(step: AnyStep, options: RowOptions): readonly string[] {
  const { rootId, actorId, colours } = options
  const widths = widthsFor(options)
  const rows = rowsOf(step, rootId).filter(
    (row) => actorId === undefined || row.actorId === actorId,
  )
  const event = step.entry?.event as ({ readonly type: string } & object) | undefined
  const what =
    event === undefined ? (step.entry === undefined ? '(start)' : '(time)') : eventSummary(event)
  const detail = event === undefined ? undefined : detailOf(event)
  const lines = rows.map((row, index) => {
    const isFirst = index === 0
    const cells = [
      isFirst ? String(step.seq) : '',
      isFirst ? timeText(step.now, options) : '',
      row.actorId,
      isFirst ? what : '',
      row.transition === undefined ? '' : transitionText(row.transition),
      row.effects.join(', '),
    ]
    const line = rowText(cells, widths)
    if (isFirst && detail?.isFailure === true) return colours.red(line)
    return row.transition === undefined ? line : colours.green(line)
  })
  const details = rows.length === 0 || detail === undefined ? [] : detailText(detail, colours)
  const mismatches = step.mismatches.map(({ recorded, replayed }) =>
    colours.red(
      `≠ after entry ${step.seq} the recorded hash is ${recorded}, that of the replay ${replayed}`,
    ),
  )
  const rejections = step.rejections.map(({ event: { type }, error }) =>
    colours.red(`✗ rejected: ${type} makes the machine throw: ${printable(messageOf(error))}`),
  )
  return [...lines.slice(0, 1), ...details, ...lines.slice(1), ...rejections, ...mismatches]
}

/** Below the event: what it says of its reason, in red if it tells of a failure. */
function detailText({ isFailure, text }: EventDetail, colours: Colours): readonly string[] {
  if (text === '') return []
  const line = `${indent}${isFailure ? '✗' : '·'} ${shorten(text, maxDetail)}`
  return [isFailure ? colours.red(line) : colours.dim(line)]
}

/** `+1.250 s`, or `2026-11-22T17:30:00.000Z`. */
export function timeText(
  now: number,
  { startedAt, times }: Pick<RowOptions, 'startedAt' | 'times'>,
): string {
  return times === 'wall clock' ? new Date(now).toISOString() : secondsText(now - startedAt)
}

/** `+1.250 s` */
function secondsText(ms: number): string {
  return `+${(ms / 1000).toFixed(3)} s`
}

/** `active.running`; of several regions `{a.b, c.d}`; `(one state)` for a machine without names. */
export function stateName(value: unknown): string {
  if (!isRecord(value)) return String(value)
  const regions = Object.entries(value).map(([key, below]) => `${key}.${stateName(below)}`)
  if (regions.length === 0) return '(one state)'
  return regions.length === 1 ? String(regions[0]) : `{${regions.join(', ')}}`
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
