/** All about one entry: why, what followed, what changed. */
import type { AnyStateMachine } from 'xstate'
import { defined } from '../../../defined.ts'
import { messageOf } from '../../../errors.ts'
import type { CoreMoment } from '../../../journal/core/moment.ts'
import type { Outcome } from '../../../journal/core/outcome.ts'
import type { Entry } from '../../../journal/journal.ts'
import { cutText } from '../../cut-text.ts'
import type { ActorChange, Step, StepEffect } from '../../protocol/step.ts'
import type { Recording } from '../../recording/recorder.ts'
import { toValue } from '../../value/to-value.ts'
import { changesBetween } from '../../value/value-changes.ts'
import { lineOf, pairsBetween } from '../run/actor-changes.ts'
import type { AskedEffect } from './effect-results.ts'
import { firstDue } from '../run/entry-outcome.ts'

/** An entry that was applied to a copy of the machine. */
export interface AppliedEntry {
  readonly seq: number
  readonly now: number
  /** Undefined for the start of the run. */
  readonly entry: Entry | undefined
  readonly actor: string
  readonly before: CoreMoment
  readonly after: CoreMoment
  readonly outcome: Outcome<AnyStateMachine>
  readonly recording: Recording
}

/** What answers an effect, as far as it is known. */
type AnswerOf = { readonly [Key in 'result' | 'expected']?: StepEffect[Key] | undefined }

const maxParts = 500
const maxActors = 100

/** `answerOf` tells what answers an effect. */
export function stepOf(applied: AppliedEntry, answerOf: (effect: AskedEffect) => AnswerOf): Step {
  const { seq, now, entry, actor, before, after, outcome, recording } = applied
  const timer = entry?.event === undefined ? firstDue(before, now) : undefined
  return {
    seq,
    now,
    event: toValue(entry?.event ?? timer?.event, { depth: 4 }),
    type: entry === undefined ? 'start' : cutText((entry.event ?? timer?.event)?.type ?? 'timer'),
    actor: timer?.target.id ?? actor,
    cause: {
      kind: entry === undefined ? 'start' : causeOf(entry),
      ...(entry !== undefined && timer?.setBy !== undefined && { setBy: timer.setBy }),
    },
    microsteps: recording.microsteps,
    effects: outcome.effects.slice(0, maxParts).map((effect) => {
      const { key, type, actorId: actor, params } = effect
      return {
        key,
        type,
        actor,
        params: toValue(params, { depth: 4 }),
        ...defined(answerOf(effect)),
      }
    }),
    facts: outcome.facts.slice(0, maxParts).map((fact: { type: string }) => {
      return { type: cutText(fact.type), value: toValue(fact, { depth: 4 }) }
    }),
    sent: recording.sent,
    rejections: outcome.rejections.slice(0, maxParts).map(({ event, error }) => {
      return { type: cutText(event.type), message: cutText(messageOf(error), 2000) }
    }),
    changes: changesOf(before, after),
  }
}

function causeOf({ event, restart }: Entry): 'event' | 'timer' | 'restart' {
  if (event === undefined) return 'timer'
  return restart === true ? 'restart' : 'event'
}

/** Actors whose state or context changed. */
function changesOf(before: CoreMoment, after: CoreMoment): readonly ActorChange[] {
  return pairsBetween(before.tree, after.tree)
    .slice(0, maxActors)
    .flatMap((pair) => {
      const from = lineOf(pair.before)
      const to = lineOf(pair.after)
      const { changes, count } =
        pair.before === undefined || pair.after === undefined
          ? { changes: [], count: 0 }
          : changesBetween(pair.before.context, pair.after.context)
      if (from === to && count === 0) return []
      return {
        actor: pair.id,
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        changes,
        count,
      }
    })
}
