/** A run in a few lines: `--summary`. */
import { effectKindOf } from '../../effects/answer.ts'
import { eventSummary } from '../../domain/event-summary.ts'
import type { AnyStep } from '../journal/verify-journal.ts'
import { count, formatSeconds, shorten } from '../output/printable.ts'
import { detailOf } from './event-detail.ts'
import { timeText } from './replay-text.ts'
import type { RowOptions } from './replay-text.ts'

/** Of the entries that were to be shown. */
export interface Summary {
  readonly entries: number
  /** From the first entry to the last, ms. */
  readonly durationMs: number
  /** Starts of the program after the first one. */
  readonly restarts: number
  /** Numbers by type. */
  readonly events: Readonly<Record<string, number>>
  /** Numbers by type, those of `fx.call` by the type of the call. */
  readonly effects: Readonly<Record<string, number>>
  readonly failures: readonly SummaryFailure[]
  /** Number of all failures: the list is bounded. */
  readonly failed: number
}

interface SummaryFailure {
  readonly seq: number
  readonly now: number
  readonly event: string
  readonly detail: string
}

const maxFailures = 100
const maxKinds = 8

export function createSummary(): { add(step: AnyStep): void; take(): Summary } {
  const events = new Map<string, number>()
  const effects = new Map<string, number>()
  const failures: SummaryFailure[] = []
  const sums = {
    entries: 0,
    restarts: 0,
    failed: 0,
    first: undefined as number | undefined,
    last: 0,
  }

  return {
    add(step) {
      const { entry, seq, now } = step
      for (const effect of step.effects) addOne(effects, effectKindOf(effect))
      if (entry === undefined) return
      sums.entries += 1
      sums.first ??= now
      sums.last = now
      if (entry.restart === true) sums.restarts += 1
      const event = entry.event as ({ readonly type: string } & object) | undefined
      addOne(events, event?.type ?? '(time)')
      if (event === undefined) return
      const { isFailure, text } = detailOf(event)
      if (!isFailure) return
      sums.failed += 1
      if (failures.length < maxFailures)
        failures.push({ seq, now, event: eventSummary(event), detail: text })
    },
    take: () => ({
      entries: sums.entries,
      durationMs: sums.last - (sums.first ?? sums.last),
      restarts: sums.restarts,
      events: byNumber(events),
      effects: byNumber(effects),
      failures,
      failed: sums.failed,
    }),
  }
}

export function summaryText(summary: Summary, options: RowOptions): readonly string[] {
  const { entries, durationMs, restarts, events, effects, failures, failed } = summary
  const { colours } = options
  const more = failed - failures.length
  return [
    `entries  ${entries}, in ${formatSeconds(durationMs)} s${restarts === 0 ? '' : `, ${count(restarts, 'restart')}`}`,
    `events   ${kindsText(events)}`,
    `effects  ${kindsText(effects)}`,
    ...(failed === 0 ? [] : [colours.bold(count(failed, 'failure'))]),
    ...failures.map((failure) => colours.red(failureText(failure, options))),
    ...(more === 0 ? [] : [`         … and ${more} more`]),
  ]
}

function failureText({ seq, now, event, detail }: SummaryFailure, options: RowOptions): string {
  const why = detail === '' ? '' : `: ${shorten(detail, 300)}`
  return `${String(seq).padStart(7)}  ${timeText(now, options)}  ${shorten(event, 80)}${why}`
}

function kindsText(numbers: Readonly<Record<string, number>>): string {
  const all = Object.entries(numbers)
  if (all.length === 0) return 'none'
  const shown = all.slice(0, maxKinds).map(([kind, amount]) => `${kind} ${amount}`)
  const others = all.slice(maxKinds).reduce((sum, [, amount]) => sum + amount, 0)
  return [...shown, ...(others === 0 ? [] : [`others ${others}`])].join(', ')
}

function addOne(numbers: Map<string, number>, kind: string): void {
  numbers.set(kind, (numbers.get(kind) ?? 0) + 1)
}

/** The largest first. */
function byNumber(numbers: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...numbers].toSorted(([, one], [, other]) => other - one))
}
