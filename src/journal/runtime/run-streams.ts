/** The streams of a run: what its gateway publishes. */
import type { Observable } from 'rxjs'
import type { AnyStateMachine, EmittedFrom, EventFromLogic } from 'xstate'
import type { EffectOf } from '../../effects/effect-of.ts'
import type { Core } from '../core/core.ts'
import type { Outcome, Rejection } from '../core/outcome.ts'
import type { Transition } from '../core/transition.ts'
import type { Entry } from '../journal.ts'
import { createHotStream } from './hot-stream.ts'
import { warnOfRejection } from './rejections.ts'
import type { RejectedEntry } from './rejections.ts'

/**
 * Hot streams, shared by all subscribers. For each entry, values come in this order: `entry$`,
 * `transition$`, `rejection$`, `fact$`, `effect$`; after a batch of entries, `applied$`.
 *
 * Next: synchronous, while the gateway handles the entry. An event dispatched by a subscriber waits
 * for its turn. A subscriber that throws is reported to the process, as RxJS does; the others and
 * the run continue. A slow reader must bound its own buffer, for example with `dropOldest`.
 * Complete: when the run is stopped.
 * Error: when the run fails: a journal that refuses an entry, an initial state that throws, a
 * source of events that fails.
 * Late subscribers get later values only, or at once the end of a run that is over. The entries
 * that a run recovers from are not published: `replay$` reads them from the journal.
 */
export interface RunStreams<M extends AnyStateMachine> {
  /** Entries that are durable, before the machine gets them. */
  readonly entry$: Observable<Entry<EventFromLogic<M>>>
  /**
   * One value per entry, after the machine took it and before its effects are performed. The first
   * value has no entry: the state that the run starts with.
   */
  readonly transition$: Observable<Transition<M>>
  /**
   * Events that the machine and its invoked children emitted, in order, after the entry that caused
   * them was applied.
   */
  readonly fact$: Observable<EmittedFrom<M>>
  /** Effects to perform. Those of entries from before a recovery are not performed again. */
  readonly effect$: Observable<EffectOf<M>>
  /**
   * Events that made the machine throw, or that the journal cannot store. They change nothing. The
   * first kind stays in the journal, and every replay rejects it again; of the second kind, a note
   * (`event.refused`) is in the journal. Without a subscriber, each is a warning of the process.
   */
  readonly rejection$: Observable<RejectedEntry>
  /** Number of entries applied since the start, after each batch. */
  readonly applied$: Observable<number>
}

/** Creates the streams of one run, and the functions that publish on them. */
export function createRunStreams<M extends AnyStateMachine>() {
  const entries = createHotStream<Entry<EventFromLogic<M>>>()
  const transitions = createHotStream<Transition<M>>()
  const facts = createHotStream<EmittedFrom<M>>()
  const effects = createHotStream<EffectOf<M>>()
  const rejections = createHotStream<RejectedEntry>()
  const applied = createHotStream<number>()
  const all = [entries, transitions, facts, effects, rejections, applied] as const

  const streams: RunStreams<M> = {
    entry$: entries.value$,
    transition$: transitions.value$,
    fact$: facts.value$,
    effect$: effects.value$,
    rejection$: rejections.value$,
    applied$: applied.value$,
  }

  function reject(seq: number, { event, error }: Rejection): void {
    const rejected = { seq, event, error }
    if (rejections.isObserved()) rejections.next(rejected)
    else warnOfRejection(rejected)
  }

  return {
    ...streams,
    reject,
    /** An entry is durable. */
    appended(entry: Entry<EventFromLogic<M>>): void {
      if (entries.isObserved()) entries.next(entry)
    },
    /** The machine took an entry, or is in the state that the run starts with. */
    moved(
      seq: number,
      entry: Entry<EventFromLogic<M>> | undefined,
      core: Pick<Core<M>, 'now' | 'snapshot'>,
      outcome: Outcome<M>,
    ): void {
      if (transitions.isObserved())
        transitions.next({ entry, seq, now: core.now(), snapshot: core.snapshot, ...outcome })
      for (const rejection of outcome.rejections) reject(seq, rejection)
      for (const fact of outcome.facts) facts.next(fact)
      for (const effect of outcome.effects) effects.next(effect)
    },
    /** A batch of entries was applied. */
    settled(count: number): void {
      applied.next(count)
    },
    complete(): void {
      for (const stream of all) stream.complete()
    },
    /** Returns false if no stream has a subscriber. */
    fail(error: unknown): boolean {
      const isObserved = all.some((stream) => stream.isObserved())
      for (const stream of all) stream.error(error)
      return isObserved
    },
  }
}
