/**
 * The part that live runs and replays share: a machine on a virtual clock whose effects are
 * collected. An event that makes the machine throw changes nothing.
 */
import type {
  AnyActorRef,
  AnyStateMachine,
  EventFromLogic,
  EventObject,
  SnapshotFrom,
} from 'xstate'
import type { Entry } from '../journal.ts'
import { persistedForJson, persistedTree, snapshotsAgain, snapshotsOf } from './actor-tree.ts'
import { createClockedActor } from './clocked-actor.ts'
import type { ClockedActorOptions } from './clocked-actor.ts'
import { serializeState } from './core-state.ts'
import type { CoreState } from './core-state.ts'
import type { CoreMoment } from './moment.ts'
import { createOutcomeCollector } from './outcome.ts'
import type { Outcome } from './outcome.ts'
import { prepareMachine } from './prepare.ts'
import type { PreparedMachine } from './prepare.ts'

export interface CoreOptions<M extends AnyStateMachine> extends ClockedActorOptions<M> {
  /** This machine, prepared with or without `inspect` as here. Default: it is prepared. */
  readonly prepared?: PreparedMachine<M> | undefined
}

export interface Core<M extends AnyStateMachine> {
  /** Enters the initial state, or the given one. Throws what the machine throws there. */
  start(): Outcome<M>
  /** Moves the time, fires the timers due, then applies the event. */
  apply(entry: Entry<EventFromLogic<M>>): Outcome<M>
  /** The state as JSON: equal for equal states. */
  serialize(): string
  /** A copy of the state, as JSON. */
  state(): CoreState
  /** The state in memory, for a core of the same machine to start at. Never changes. */
  moment(): CoreMoment
  /** Time of the next timer, ms since the epoch; undefined while none is set. */
  nextDue(): number | undefined
  /** Milliseconds since the epoch, as the machine sees it. */
  now(): number
  readonly snapshot: SnapshotFrom<M>
}

export function createCore<M extends AnyStateMachine>(
  machine: M,
  options: CoreOptions<M>,
): Core<M> {
  const outcome = createOutcomeCollector<M>()
  const { prepared = prepareMachine(machine, options.inspect !== undefined) } = options
  let failure: { readonly error: unknown } | undefined
  let current = actorFrom(options)
  let tree = snapshotsOf(current.actor)

  function actorFrom(from: Pick<CoreOptions<M>, 'state' | 'moment' | 'timersBefore'>) {
    const { input, startMs, inspect } = options
    return createClockedActor(
      prepared.logic,
      { input, startMs, inspect, ...from },
      {
        onFact: outcome.addFact,
        onFailure: (error) => (failure = { error }),
        onTimer: attempt,
        currentSeq: () => outcome.seq,
      },
    )
  }

  /** Applies one event, or fires one timer. After a throw, another actor continues from before. */
  function attempt(event: EventObject, move: () => void): void {
    const { actor, clock, timers } = current
    const before = (tree = snapshotsAgain(actor, tree))
    const { scheduled } = timers
    outcome.mark()
    move()
    if (failure === undefined) return
    const { error } = failure
    failure = undefined
    outcome.rollBack()
    const snapshot = persistedTree(actor, before)
    const state = { now: clock.now(), snapshot, timers: timers.describe(scheduled) }
    clock.clear()
    const copy = JSON.parse(serializeState(state)) as CoreState
    current = actorFrom({ state: copy, timersBefore: scheduled })
    current.start()
    if (failure !== undefined) throw error
    outcome.addRejection({ event, error })
  }

  function advanceTo(now: number): void {
    // A rejection replaces the clock; the remaining timers are on the new one.
    for (let clock; clock !== current.clock;) {
      clock = current.clock
      clock.advanceTo(now)
    }
  }

  function serialize(): string {
    const { actor, clock, timers } = current
    return serializeState({
      now: clock.now(),
      snapshot: persistedForJson(actor),
      timers: timers.describe(timers.scheduled),
    })
  }

  return {
    start() {
      prepared.collect = outcome.addEffect
      current.start()
      if (failure !== undefined) throw failure.error
      return outcome.take()
    },
    apply({ seq, now, restart, event }) {
      outcome.begin(seq)
      prepared.collect = outcome.addEffect
      // The first event of a new process may cancel timers that came due while none ran.
      if (restart === true) current.clock.skipTo(now)
      else advanceTo(now)
      const { actor } = current
      // Events after the machine's end are recorded, and change nothing.
      if (event !== undefined && isActive(actor)) attempt(event, () => actor.send(event))
      return outcome.take()
    },
    serialize,
    state: () => JSON.parse(serialize()) as CoreState,
    moment: () => ({
      now: current.clock.now(),
      tree: (tree = snapshotsAgain(current.actor, tree)),
      timers: current.timers.scheduled,
    }),
    nextDue: () => current.clock.nextDue(),
    now: () => current.clock.now(),
    get snapshot() {
      return current.actor.getSnapshot()
    },
  }
}

function isActive(actor: AnyActorRef): boolean {
  return (actor.getSnapshot() as { readonly status: string }).status === 'active'
}
