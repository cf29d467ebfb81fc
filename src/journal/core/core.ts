/**
 * The part that live and replay share: a machine on a virtual clock, with an outbox, that can be put into a state,
 * and that an event which makes it throw leaves in the state that it was in.
 */
import { createActor } from 'xstate'
import type {
  ActorOptions,
  AnyActorRef,
  AnyStateMachine,
  EmittedFrom,
  EventFromLogic,
  EventObject,
  InputFrom,
  SnapshotFrom,
} from 'xstate'
import { inKeyOrder, persistedTree, snapshotsOf } from './actor-tree.ts'
import type { Entry } from '../journal.ts'
import { withOutbox } from './outbox.ts'
import type { Effect } from './outbox.ts'
import { followTimers } from './timers.ts'
import type { ScheduledEvent, TimerState } from './timers.ts'
import { createVirtualClock } from './virtual-clock.ts'

/** Everything that a machine is, as JSON: its snapshot with its children's, the time, and the timers set. */
export interface CoreState {
  readonly now: number
  readonly snapshot: unknown
  readonly timers: readonly TimerState[]
}

/** An event that made the machine throw: nothing of it happened. A timer that did is gone. */
export interface Rejection {
  readonly event: EventObject
  readonly error: unknown
}

export interface CoreOptions<M extends AnyStateMachine> {
  readonly input: InputFrom<M>
  readonly startMs: number
  /** Start here and not in the initial state. */
  readonly state?: CoreState | undefined
  readonly inspect?: ActorOptions<M>['inspect']
  readonly onEmitted?: ((emitted: EmittedFrom<M>) => void) | undefined
  readonly onRejected?: ((rejection: Rejection) => void) | undefined
}

export interface Core<M extends AnyStateMachine> {
  /** Enters the initial state, or the one given, and tells which effects that asks for. Throws what that throws. */
  start(): readonly Effect[]
  /** Moves the time, fires what is due, then applies the event. What throws is rejected, and the rest applied. */
  apply(entry: Entry<EventFromLogic<M>>): readonly Effect[]
  /** The state as JSON, equal for equal states. */
  serialize(): string
  /** A copy, safe to keep. */
  state(): CoreState
  nextDue(): number | undefined
  now(): number
  readonly snapshot: SnapshotFrom<M>
}

const none: readonly Effect[] = []

export function createCore<M extends AnyStateMachine>(
  machine: M,
  options: CoreOptions<M>,
): Core<M> {
  const { onEmitted, onRejected } = options
  let outbox: Effect[] = []
  let failure: { readonly error: unknown } | undefined
  const logic = withOutbox(machine, (effect) => outbox.push(effect))
  let live = embody(options.state)

  /** An actor of the machine, with a clock and timers of its own. */
  function embody(state: CoreState | undefined) {
    const clock = createVirtualClock(state?.now ?? options.startMs)
    const actor = createActor(logic, {
      id: machine.id,
      input: options.input,
      clock: { ...clock, setTimeout: setGuarded },
      ...(options.inspect === undefined ? {} : { inspect: options.inspect }),
      // XState replaces references inside the snapshot that it is given.
      ...(state === undefined ? {} : { snapshot: structuredClone(state.snapshot) }),
    } as ActorOptions<M>)
    const timers = followTimers(actor, clock)
    if (onEmitted !== undefined) actor.on('*', (emitted) => onEmitted(emitted))
    // Without an error observer XState reports a throwing machine to the process, which ends it.
    actor.subscribe({ error: (error) => (failure = { error }) })

    function setGuarded(fire: () => void, delayMs: number): number {
      const timer = timers.latest
      return clock.setTimeout(() => {
        if (timer !== undefined) timers.fired(timer)
        attempt(timer?.event ?? { type: 'timer' }, fire)
      }, delayMs)
    }

    function start(): void {
      actor.start()
      for (const timer of state?.timers ?? []) timers.restore(timer)
    }

    return { actor, clock, timers, start }
  }

  /** Applies one event, or fires one timer; the actor that throws is dead, so another one takes its place. */
  function attempt(event: EventObject, move: () => void): void {
    const { actor, clock, timers } = live
    const before = snapshotsOf(actor)
    const { scheduled } = timers
    const effects = outbox.length
    move()
    if (failure === undefined) return
    const { error } = failure
    failure = undefined
    outbox.length = effects
    clock.clear()
    live = embody(stateOf(persistedTree(actor, before), scheduled))
    live.start()
    if (failure !== undefined) throw error
    onRejected?.({ event, error })
  }

  function stateOf(snapshot: unknown, timers: readonly ScheduledEvent[]): CoreState {
    return JSON.parse(serialized(snapshot, timers)) as CoreState
  }

  function serialized(snapshot: unknown, timers: readonly ScheduledEvent[]): string {
    const { clock } = live
    return JSON.stringify({
      now: clock.now(),
      snapshot: inKeyOrder(snapshot),
      timers: live.timers.describe(timers),
    })
  }

  function serialize(): string {
    return serialized(live.actor.getPersistedSnapshot(), live.timers.scheduled)
  }

  function advanceTo(now: number): void {
    // After a rejection the timers that are left are those of another clock.
    for (let clock; clock !== live.clock;) {
      clock = live.clock
      clock.advanceTo(now)
    }
  }

  function takeOutbox(): readonly Effect[] {
    if (outbox.length === 0) return none
    const effects = outbox
    outbox = []
    return effects
  }

  return {
    start() {
      live.start()
      if (failure !== undefined) throw failure.error
      return takeOutbox()
    },
    apply({ now, restart, event }) {
      // Timers that came due while no process ran are of the process before: its end may call them off.
      if (restart === true) live.clock.skipTo(now)
      else advanceTo(now)
      const { actor } = live
      // What still comes in once the machine is done is recorded, and changes nothing.
      if (event !== undefined && isActive(actor)) {
        attempt(event, () => {
          actor.send(event)
        })
      }
      return takeOutbox()
    },
    serialize,
    state: () => JSON.parse(serialize()) as CoreState,
    nextDue: () => live.clock.nextDue(),
    now: () => live.clock.now(),
    get snapshot() {
      return live.actor.getSnapshot()
    },
  }
}

function isActive(actor: AnyActorRef): boolean {
  return (actor.getSnapshot() as { readonly status: string }).status === 'active'
}
