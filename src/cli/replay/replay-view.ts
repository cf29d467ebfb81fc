/** The two ways to show a replay: text in columns, or JSON lines. */
import type { AnyStateMachine } from 'xstate'
import { messageOf } from '../../errors.ts'
import type { Rejection } from '../../journal/core/outcome.ts'
import type { JournalHeader } from '../../journal/files/record.ts'
import type { StepJson } from '../../inspector/replay-app/replay-steps.ts'
import { headerText } from '../journal/header-text.ts'
import { toSafeJson } from '../output/json-event.ts'
import { count } from '../output/printable.ts'
import { answersText, withAnswer } from './effects-answered.ts'
import type { EffectsAnswered } from './effects-answered.ts'
import { headText, stateName, stepText, timeText } from './replay-text.ts'
import type { RowOptions } from './replay-text.ts'
import type { AnyStep } from '../journal/verify-journal.ts'
import { reasonsOf, whyText } from './replay-why.ts'
import type { Colours } from '../output/terminal.ts'
import { summaryText } from './summary.ts'
import type { Summary } from './summary.ts'
import { tallyOf, tallyText } from './tally.ts'

/** Lines, without their ends. */
export interface ReplayView {
  head(): readonly string[]
  note(text: string): string
  /** `why`: with `--why`, all that is known of the step. */
  step(step: AnyStep, why?: StepJson, answers?: EffectsAnswered): readonly string[]
  summary(summary: Summary): readonly string[]
  end(end: ReplayEnd): string
}

/** The state after the last entry that was replayed. */
export interface ReplayEnd {
  readonly seq: number
  readonly now: number
  readonly snapshot: unknown
  readonly hash: string
  /** Number of recorded hashes, and of those that differ. */
  readonly checks: number
  readonly differing: number
  readonly firstDiffering: number | undefined
  /** Number of events that made the machine throw. */
  readonly rejected: number
}

export interface ReplayViewOptions {
  readonly header: JournalHeader
  readonly machine: AnyStateMachine
  readonly actorId: string | undefined
}

export function createTextView(
  options: ReplayViewOptions &
    Pick<RowOptions, 'colours' | 'times' | 'columns'> & {
      /** No entries are printed, and no heads of their columns. */
      readonly isSummary: boolean
    },
): ReplayView {
  const { header, machine, colours } = options
  const startedAt = header.createdAt
  const rowOptions = { ...options, rootId: machine.id, startedAt }
  return {
    head: () => [headerText(header), ...(options.isSummary ? [] : [headText(options)])],
    note: (text) => colours.yellow(`note: ${text}`),
    step: (step, why, answers) => [
      ...stepText(step, rowOptions),
      ...(why === undefined ? [] : whyText(why, options)),
      ...(answers === undefined ? [] : answersText(answers, options)),
    ],
    summary: (summary) => ['', ...summaryText(summary, rowOptions)],
    end(end) {
      const { value } = end.snapshot as { readonly value: unknown }
      return [
        '',
        `state  ${stateName(value)}, after entry ${end.seq}, at ${timeText(end.now, rowOptions)}`,
        `       ${tallyText(tallyOf(machine, end.snapshot))}`,
        `hash   ${end.hash}`,
        checksText(end, colours),
        ...(end.rejected === 0
          ? []
          : [colours.red(`       ${count(end.rejected, 'event')} rejected`)]),
      ].join('\n')
    },
  }
}

/** `{"type":"journal"|"note"|"entry"|"summary"|"state",…}` */
export function createJsonView({ header, machine, actorId }: ReplayViewOptions): ReplayView {
  return {
    head: () => [toSafeJson({ type: 'journal', ...header })],
    note: (message) => toSafeJson({ type: 'note', message }),
    step({ entry, ...step }, why, answers) {
      const isOf = (of: { readonly actorId: string }) =>
        actorId === undefined || of.actorId === actorId
      const transitions = step.changes.filter(isOf)
      const effects = step.effects.filter(isOf).map((effect) => withAnswer(effect, answers))
      const reasons = why && reasonsOf(why, actorId)
      const isSilent = transitions.length + effects.length === 0
      if (actorId !== undefined && isSilent && !(reasons?.microsteps.length ?? 0)) return []
      const { seq, now, checks, mismatches } = step
      const rejections = step.rejections.map(rejectionJson)
      const event: unknown = entry?.event
      return [
        toSafeJson({
          type: 'entry',
          seq,
          now,
          event,
          transitions,
          effects,
          rejections,
          checks,
          mismatches,
          ...reasons,
        }),
      ]
    },
    summary: (summary) => [toSafeJson({ type: 'summary', ...summary })],
    end({ snapshot, ...end }) {
      const { value } = snapshot as { readonly value: unknown }
      return toSafeJson({ type: 'state', value, ...tallyOf(machine, snapshot), ...end })
    },
  }
}

function rejectionJson({ event, error }: Rejection) {
  return { event: event.type, message: messageOf(error) }
}

function checksText({ checks, differing, firstDiffering }: ReplayEnd, colours: Colours): string {
  const recorded = count(checks, 'recorded hash', 'recorded hashes')
  if (differing === 0)
    return `       ${checks === 0 ? 'no' : 'equal to'} ${recorded.replace(/^0 /, '')}`
  return colours.red(
    `       ${differing} of ${recorded} differ, the first after entry ${firstDiffering}`,
  )
}
