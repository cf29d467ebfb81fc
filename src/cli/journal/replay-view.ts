/** The two ways to show a replay: text in columns, or JSON lines. */
import { messageOf } from '../../errors.ts'
import type { Rejection } from '../../journal/core/outcome.ts'
import type { JournalHeader } from '../../journal/files/record.ts'
import type { StepJson } from '../../inspector/replay-app/replay-steps.ts'
import { count } from '../output/printable.ts'
import { headText, secondsText, stateName, stepText, tallyOf, tallyText } from './replay-text.ts'
import type { AnyStep } from './replay-text.ts'
import { reasonsOf, whyText } from './replay-why.ts'
import type { Colours } from '../output/terminal.ts'

/** Lines, without their ends. */
export interface ReplayView {
  head(): readonly string[]
  note(text: string): string
  /** `why`: with `--why`, all that is known of the step. */
  step(step: AnyStep, why?: StepJson): readonly string[]
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
  readonly rootId: string
  readonly actorId: string | undefined
}

export function createTextView(
  options: ReplayViewOptions & { readonly colours: Colours },
): ReplayView {
  const { header, rootId, colours } = options
  const startedAt = header.createdAt
  return {
    head: () => [headerText(header), headText(colours)],
    note: (text) => colours.yellow(`note: ${text}`),
    step: (step, why) => [
      ...stepText(step, { ...options, startedAt }),
      ...(why === undefined ? [] : whyText(why, options)),
    ],
    end(end) {
      const { value } = end.snapshot as { readonly value: unknown }
      return [
        '',
        `state  ${stateName(value)}, after entry ${end.seq}, at ${secondsText(end.now - startedAt)}`,
        `       ${tallyText(tallyOf(rootId, end.snapshot))}`,
        `hash   ${end.hash}`,
        checksText(end, colours),
        ...(end.rejected === 0
          ? []
          : [colours.red(`       ${count(end.rejected, 'event')} rejected`)]),
      ].join('\n')
    },
  }
}

/** `{"type":"journal"|"note"|"entry"|"state",…}` */
export function createJsonView({ header, rootId, actorId }: ReplayViewOptions): ReplayView {
  return {
    head: () => [JSON.stringify({ type: 'journal', ...header })],
    note: (message) => JSON.stringify({ type: 'note', message }),
    step({ entry, ...step }, why) {
      const isOf = (of: { readonly actorId: string }) =>
        actorId === undefined || of.actorId === actorId
      const transitions = step.changes.filter(isOf)
      const effects = step.effects.filter(isOf)
      const reasons = why && reasonsOf(why, actorId)
      const isSilent = transitions.length + effects.length === 0
      if (actorId !== undefined && isSilent && !(reasons?.microsteps.length ?? 0)) return []
      const { seq, now, checks, mismatches } = step
      const rejections = step.rejections.map(rejectionJson)
      const event: unknown = entry?.event
      return [
        JSON.stringify({
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
    end({ snapshot, ...end }) {
      const { value } = snapshot as { readonly value: unknown }
      return JSON.stringify({ type: 'state', value, ...tallyOf(rootId, snapshot), ...end })
    },
  }
}

/** `scheduler 1 of jarcast@0.1.0, started 2026-11-22T17:30:00.000Z`; times are relative to it. */
export function headerText({ machine, version, package: by, createdAt }: JournalHeader): string {
  return `${machine} ${version} of ${by}, started ${new Date(createdAt).toISOString()}`
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
