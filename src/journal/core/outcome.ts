/** What an entry does to a machine, collected while the machine takes it. */
import type { AnyStateMachine, EmittedFrom, EventObject } from 'xstate'
import type { EffectOf } from '../../effects/effect-of.ts'
import type { Effect } from './outbox.ts'

export interface Outcome<M extends AnyStateMachine> {
  /** In the order in which the machine named them. */
  readonly effects: readonly EffectOf<M>[]
  /** Events that the machine emitted, in order. */
  readonly facts: readonly EmittedFrom<M>[]
  /** Events that made the machine throw. They changed nothing. */
  readonly rejections: readonly Rejection[]
}

/** An event that made the machine throw. A timer that did so is gone; nothing else has changed. */
export interface Rejection {
  readonly event: EventObject
  readonly error: unknown
}

export interface OutcomeCollector<M extends AnyStateMachine> {
  /** Starts collecting for an entry: `seq` is the first part of its effects' keys. */
  begin(seq: number): void
  /** The entry that was begun last; 0 before the first one. */
  readonly seq: number
  addEffect(type: Effect['type'], params: unknown, actorId: string): void
  addFact(fact: EmittedFrom<M>): void
  addRejection(rejection: Rejection): void
  /** Remembers this point for `rollBack`. */
  mark(): void
  /** Drops effects and facts added since `mark`. */
  rollBack(): void
  /** Returns what was collected, and empties the collector. */
  take(): Outcome<M>
}

const none: readonly never[] = []

export function createOutcomeCollector<M extends AnyStateMachine>(): OutcomeCollector<M> {
  let seq = 0
  let effects: EffectOf<M>[] = []
  let facts: EmittedFrom<M>[] = []
  let rejections: Rejection[] = []
  let effectMark = 0
  let factMark = 0
  return {
    begin(entrySeq) {
      seq = entrySeq
    },
    get seq() {
      return seq
    },
    addEffect(type, params, actorId) {
      effects.push({ key: `${seq}.${effects.length}`, type, params, actorId } as EffectOf<M>)
    },
    addFact(fact) {
      facts.push(fact)
    },
    addRejection(rejection) {
      rejections.push(rejection)
    },
    mark() {
      effectMark = effects.length
      factMark = facts.length
    },
    rollBack() {
      effects.length = effectMark
      facts.length = factMark
    },
    take() {
      const outcome = {
        effects: effects.length === 0 ? none : effects,
        facts: facts.length === 0 ? none : facts,
        rejections: rejections.length === 0 ? none : rejections,
      }
      if (effects.length > 0) effects = []
      if (facts.length > 0) facts = []
      if (rejections.length > 0) rejections = []
      return outcome
    },
  }
}
