/** Lines of the event log. */
import type { EventObject } from 'xstate'
import { defined } from '../../../defined.ts'
import { cutText } from '../../cut-text.ts'
import { isFailingType } from '../../../effects/failing-type.ts'
import type { Lens } from '../../protocol/lens.ts'
import type { Row } from '../../protocol/questions.ts'
import { quietly } from '../../value/hostile.ts'
import type { Entry } from '../../../journal/journal.ts'
import type { EntryOutcome } from '../run/run-index.ts'

/** What a lens says of events. A lens that throws says nothing. */
export function describeEvents({ labelOf, isFailure }: Lens) {
  return {
    labelOf(event: EventObject): string {
      return cutText(quietly(() => labelOf?.(event)) ?? event.type)
    },
    isFailure({ event }: Pick<Entry, 'event'>): boolean {
      if (event === undefined) return false
      return quietly(() => isFailure?.(event)) ?? isFailingType(event.type)
    },
  }
}

/** The first moment of a run, which no entry led to. */
export function startRow(seq: number, now: number, actor: string): Row {
  return { seq, now, type: 'start', actor, label: 'start' }
}

/** What is known of an entry: some of it without a replay, the rest with one. */
export type KnownOutcome = Partial<EntryOutcome> & Pick<EntryOutcome, 'isRejected'>

/** The line of an entry, without its outcome until that is known. */
export function rowOf(
  { seq, now, event, restart }: Entry,
  actor: string,
  outcome: KnownOutcome,
  { labelOf, isFailure }: ReturnType<typeof describeEvents>,
): Row {
  const type = event?.type ?? outcome.timer ?? 'timer'
  return {
    seq,
    now,
    type: cutText(type),
    actor,
    label: event === undefined ? timerLabel(type) : labelOf(event),
    ...(isFailure({ event } as Entry) && { isFailure: true }),
    ...(event === undefined && { isTimer: true }),
    ...(restart === true && { isRestart: true }),
    ...(outcome.isRejected && { isRejected: true }),
    ...defined({ effects: outcome.effects, changed: outcome.changed }),
  }
}

/** `xstate.after.retry.connection.waiting` is `after retry in connection.waiting`. */
export function timerLabel(type: string): string {
  const [, delay, state] = /^xstate\.after\.([^.]+)\.(.+)$/s.exec(type) ?? []
  if (delay === undefined) return cutText(type)
  const time = /^\d+$/.test(delay) ? `${delay} ms` : delay
  return cutText(`after ${time} in ${state}`)
}
