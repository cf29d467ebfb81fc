/** The part that live and replay share: a machine on a virtual clock, with an outbox, that can be put into a state. */
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
import type { Entry } from './journal.ts'
import { withOutbox } from './outbox.ts'
import type { Effect } from './outbox.ts'
import { createVirtualClock } from './virtual-clock.ts'

/** Everything that a machine is, as JSON: its snapshot with its children's, the time, and the timers set. */
export interface CoreState {
  readonly now: number
  readonly snapshot: unknown
  readonly timers: readonly TimerState[]
}

/** A delayed event that was not sent yet. XState keeps none of them in its snapshots. */
export interface TimerState {
  readonly id: string
  /** Ids of the actors that sends and that gets it. */
  readonly source: string
  readonly target: string
  readonly event: EventObject
  readonly due: number
}

export interface CoreOptions<M extends AnyStateMachine> {
  readonly input: InputFrom<M>
  readonly startMs: number
  /** Start here and not in the initial state. */
  readonly state?: CoreState | undefined
  readonly inspect?: ActorOptions<M>['inspect']
  readonly onEmitted?: ((emitted: EmittedFrom<M>) => void) | undefined
}

export interface Core<M extends AnyStateMachine> {
  /** Enters the initial state, or the one given, and tells which effects that asks for. */
  start(): readonly Effect[]
  /** Moves the time, then applies the event; throws what the machine threw. */
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
  const { input, startMs, state, inspect, onEmitted } = options
  const clock = createVirtualClock(state?.now ?? startMs)
  let outbox: Effect[] = []
  let failure: { readonly error: unknown } | undefined
  const actor = createActor(
    withOutbox(machine, (effect) => outbox.push(effect)),
    {
      id: machine.id,
      input,
      clock,
      ...(inspect === undefined ? {} : { inspect }),
      // XState replaces references inside the snapshot that it is given.
      ...(state === undefined ? {} : { snapshot: structuredClone(state.snapshot) }),
    } as ActorOptions<M>,
  )
  const timers = followTimers(actor, clock.now)
  if (onEmitted !== undefined) actor.on('*', (emitted) => onEmitted(emitted))
  // Without an error observer XState reports a throwing machine to the process, which ends it.
  actor.subscribe({ error: (error) => (failure = { error }) })

  function takeOutbox(): readonly Effect[] {
    if (failure !== undefined) throw failure.error
    if (outbox.length === 0) return none
    const effects = outbox
    outbox = []
    return effects
  }

  function serialize(): string {
    const snapshot = inKeyOrder(actor.getPersistedSnapshot())
    return JSON.stringify({ now: clock.now(), snapshot, timers: timers.list() })
  }

  return {
    start() {
      actor.start()
      for (const timer of state?.timers ?? []) timers.restore(timer)
      return takeOutbox()
    },
    apply({ now, event }) {
      clock.advanceTo(now)
      // What still comes in once the machine is done is recorded, and changes nothing.
      if (event !== undefined && isActive(actor)) actor.send(event)
      return takeOutbox()
    },
    serialize,
    state: () => JSON.parse(serialize()) as CoreState,
    nextDue: clock.nextDue,
    now: clock.now,
    get snapshot() {
      return actor.getSnapshot()
    },
  }
}

/**
 * The snapshot with the keys of every context in order: a context that went through JSON has lost its undefined keys,
 * and gets them back in another place when they are assigned.
 */
function inKeyOrder(snapshot: unknown): unknown {
  const { context, children = {}, ...rest } = snapshot as PersistedSnapshot
  const ordered = Object.entries(context ?? {}).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return {
    ...rest,
    context: Object.fromEntries(ordered),
    children: Object.fromEntries(
      Object.entries(children).map(([id, child]) => [
        id,
        { ...child, snapshot: inKeyOrder(child.snapshot) },
      ]),
    ),
  }
}

interface PersistedSnapshot {
  readonly context?: Readonly<Record<string, unknown>>
  readonly children?: Readonly<Record<string, { readonly snapshot: unknown }>>
}

interface ScheduledEvent {
  readonly source: AnyActorRef
  readonly target: AnyActorRef
  readonly event: EventObject
  readonly id: string
}

/** Knows when each delayed event of a system is due, and can set one again after a restart. */
function followTimers(root: AnyActorRef, now: () => number) {
  const { system } = root
  const dueOf = new WeakMap<object, number>()
  const schedule = system.scheduler.schedule.bind(system.scheduler)
  const scheduled = () => Object.values(system.getSnapshot()._scheduledEvents) as ScheduledEvent[]

  system.scheduler.schedule = (source, target, event, delay, id) => {
    schedule(source, target, event, delay, id)
    const added = scheduled().findLast((timer) => timer.source === source && timer.event === event)
    if (added !== undefined) dueOf.set(added, now() + delay)
  }

  return {
    /** In the order in which they fire. */
    list: (): readonly TimerState[] =>
      scheduled()
        .map((timer) => ({
          id: timer.id,
          source: timer.source.id,
          target: timer.target.id,
          event: timer.event,
          due: dueOf.get(timer) ?? now(),
        }))
        .toSorted((one, other) => one.due - other.due),
    restore({ id, source, target, event, due }: TimerState): void {
      const from = findActor(root, source)
      const to = findActor(root, target)
      if (from !== undefined && to !== undefined) {
        system.scheduler.schedule(from, to, event, due - now(), id)
      }
    },
  }
}

function isActive(actor: AnyActorRef): boolean {
  return (actor.getSnapshot() as { readonly status: string }).status === 'active'
}

/** Ids are unique in a closed machine's tree: every child is invoked or spawned under a name of its own. */
function findActor(actor: AnyActorRef, id: string): AnyActorRef | undefined {
  if (actor.id === id) return actor
  const { children = {} } = actor.getSnapshot() as { children?: Record<string, AnyActorRef> }
  for (const child of Object.values(children)) {
    const found = findActor(child, id)
    if (found !== undefined) return found
  }
  return undefined
}
