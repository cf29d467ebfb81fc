/** All about one entry: why, what followed, what changed. */
import type { AnyStateMachine } from 'xstate'
import type { CoreMoment } from '../../journal/core/moment.ts'
import type { Outcome } from '../../journal/core/outcome.ts'
import type { Entry } from '../../journal/journal.ts'
import type { ActorChange, Step } from '../protocol/step.ts'
import { toValue } from '../value/to-value.ts'
import { changesBetween } from '../value/value-changes.ts'
import { lineOf, pairsBetween } from './actor-changes.ts'

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
}

const maxParts = 500
const maxActors = 100

export function stepOf(applied: AppliedEntry): Step {
  const { seq, now, entry, actor, before, after, outcome } = applied
  return {
    seq,
    now,
    event: toValue(entry?.event, { depth: 4 }),
    type: entry === undefined ? 'start' : (entry.event?.type ?? 'timer'),
    actor,
    cause: { kind: entry === undefined ? 'start' : causeOf(entry) },
    microsteps: [],
    effects: outcome.effects.slice(0, maxParts).map(({ key, type, actorId, params }) => {
      return { key, type, actor: actorId, params: toValue(params, { depth: 4 }) }
    }),
    facts: outcome.facts.slice(0, maxParts).map((fact: { type: string }) => {
      return { type: fact.type, value: toValue(fact, { depth: 4 }) }
    }),
    sent: [],
    rejections: outcome.rejections.slice(0, maxParts).map(({ event, error }) => {
      return { type: event.type, message: error instanceof Error ? error.message : String(error) }
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
