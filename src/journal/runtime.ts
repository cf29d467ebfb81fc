/**
 * The gateway: everything that can change a machine's state enters here, as one journal entry, and always in the
 * order append → apply → perform. An entry is durable before the machine sees it, and the machine has moved
 * before an effect leaves. Live and replay apply entries by the same code.
 */
import { createActor } from 'xstate'
import type {
  ActorOptions,
  AnyStateMachine,
  EmittedFrom,
  EventFromLogic,
  InputFrom,
  SnapshotFrom,
} from 'xstate'
import { createMemoryJournal } from './journal.ts'
import type { Entry, Journal } from './journal.ts'
import { withOutbox } from './outbox.ts'
import type { Effect } from './outbox.ts'
import { createVirtualClock } from './virtual-clock.ts'

/** Where the gateway learns the time and is woken up. The real one is the default. */
export interface RuntimeClock {
  now(): number
  /** Calls back once, `delayMs` from now; the returned function calls it off. */
  wake(callback: () => void, delayMs: number): () => void
}

export interface RuntimeOptions<M extends AnyStateMachine> {
  readonly input: InputFrom<M>
  /** Default: a journal in memory. */
  readonly journal?: Journal<EventFromLogic<M>>
  /**
   * Does what an effect names. `key` is the same in every replay and never given twice. It must not throw;
   * results come back through `dispatch`.
   */
  readonly perform: (effect: Effect, key: string) => void
  /** Sees what the machine emits, in order, right after the entry that caused it was applied. */
  readonly onEmitted?: (emitted: EmittedFrom<M>) => void
  /** Hears of a machine that threw, a journal that refused an entry, or a performer that threw: the run is over. */
  readonly onError?: (error: unknown) => void
  readonly clock?: RuntimeClock
  /** Standard XState inspection, handed to every actor. Without it nothing is paid for it. */
  readonly inspect?: ActorOptions<M>['inspect']
}

export interface Runtime<M extends AnyStateMachine> {
  /** Enters the initial state and performs what it asks for. */
  start(): void
  /** Takes in one event: append, apply, perform. Safe to call from `perform`: the event waits for its turn. */
  dispatch(event: EventFromLogic<M>): void
  readonly snapshot: SnapshotFrom<M>
  /** Milliseconds since the epoch as the machine sees it: the `now` of the last entry applied. */
  now(): number
  /** No entry is taken in any more; timers are called off. */
  stop(): void
}

const realClock: RuntimeClock = {
  now: Date.now,
  wake(callback, delayMs) {
    const timer = setTimeout(callback, delayMs)
    return () => {
      clearTimeout(timer)
    }
  },
}

/** Runs any closed XState machine event-sourced: its inputs journalled, its timers and effects under control. */
export function createRuntime<M extends AnyStateMachine>(
  machine: M,
  options: RuntimeOptions<M>,
): Runtime<M> {
  type Event = EventFromLogic<M>
  const { perform, onError = rethrow, clock = realClock } = options
  const journal = options.journal ?? createMemoryJournal<Event>()
  const core = createCore(machine, options.input, clock.now(), options)
  const inbox: (Event | undefined)[] = []
  let seq = 0
  let state: 'new' | 'idle' | 'busy' | 'stopped' = 'new'
  let callOff: () => void = () => undefined

  function fail(error: unknown): void {
    stop()
    onError(error)
  }

  function performAll(effects: readonly Effect[], entrySeq: number): void {
    for (const [index, effect] of effects.entries()) perform(effect, `${entrySeq}.${index}`)
  }

  function drain(): void {
    while (state === 'idle' && inbox.length > 0) {
      const entries = inbox.splice(0).map((event) => toEntry(++seq, clock.now(), event))
      state = 'busy'
      const appended = journal.append(entries)
      if (appended !== undefined) {
        appended.then(() => settle(entries), fail).catch(fail)
        return
      }
      applyAll(entries)
    }
  }

  function applyAll(entries: readonly Entry<Event>[]): void {
    for (const entry of entries) {
      if (state === 'stopped') return
      performAll(core.apply(entry), entry.seq)
    }
    if (state === 'busy') state = 'idle'
    scheduleWake()
  }

  function settle(entries: readonly Entry<Event>[]): void {
    applyAll(entries)
    drain()
  }

  function takeIn(event: Event | undefined): void {
    if (state === 'stopped') return
    inbox.push(event)
    try {
      drain()
    } catch (error) {
      fail(error)
    }
  }

  function scheduleWake(): void {
    callOff()
    const due = core.nextDue()
    if (due === undefined || state === 'stopped') return
    callOff = clock.wake(() => takeIn(undefined), Math.max(0, due - clock.now()))
  }

  function stop(): void {
    state = 'stopped'
    inbox.length = 0
    callOff()
  }

  return {
    start() {
      if (state !== 'new') return
      state = 'busy'
      try {
        performAll(core.start(), 0)
        state = 'idle'
        scheduleWake()
        drain()
      } catch (error) {
        fail(error)
      }
    },
    dispatch: takeIn,
    get snapshot() {
      return core.snapshot()
    },
    now: core.now,
    stop,
  }
}

/**
 * Applies recorded entries to a fresh machine and performs nothing.
 * Gives the state it ends in and the effects of each entry (those of the initial state under seq 0).
 */
export function replay<M extends AnyStateMachine>(
  machine: M,
  input: InputFrom<M>,
  startMs: number,
  entries: Iterable<Entry<EventFromLogic<M>>>,
): {
  readonly snapshot: SnapshotFrom<M>
  readonly effects: ReadonlyMap<number, readonly Effect[]>
} {
  const core = createCore(machine, input, startMs, {})
  const effects = new Map([[0, core.start()]])
  for (const entry of entries) effects.set(entry.seq, core.apply(entry))
  return { snapshot: core.snapshot(), effects }
}

/** The part that live and replay share: a machine on a virtual clock, with an outbox. */
function createCore<M extends AnyStateMachine>(
  machine: M,
  input: InputFrom<M>,
  startMs: number,
  { inspect, onEmitted }: Pick<RuntimeOptions<M>, 'inspect' | 'onEmitted'>,
) {
  const clock = createVirtualClock(startMs)
  let outbox: Effect[] = []
  let failure: { readonly error: unknown } | undefined
  const actorOptions = {
    id: machine.id,
    input,
    clock,
    ...(inspect === undefined ? {} : { inspect }),
  }
  const actor = createActor(
    withOutbox(machine, (effect) => outbox.push(effect)),
    actorOptions as ActorOptions<M>,
  )
  if (onEmitted !== undefined) actor.on('*', (emitted) => onEmitted(emitted as EmittedFrom<M>))
  // Without an error observer XState reports a throwing machine to the process, which ends it.
  actor.subscribe({ error: (error) => (failure = { error }) })

  function takeOutbox(): readonly Effect[] {
    if (failure !== undefined) throw failure.error
    const effects = outbox
    outbox = []
    return effects
  }

  return {
    start(): readonly Effect[] {
      actor.start()
      return takeOutbox()
    },
    apply(entry: Entry<EventFromLogic<M>>): readonly Effect[] {
      clock.advanceTo(entry.now)
      if (entry.event !== undefined) actor.send(entry.event)
      return takeOutbox()
    },
    nextDue: clock.nextDue,
    now: clock.now,
    snapshot: () => actor.getSnapshot(),
  }
}

function toEntry<Event extends { type: string }>(
  seq: number,
  now: number,
  event: Event | undefined,
): Entry<Event> {
  return event === undefined ? { seq, now } : { seq, now, event }
}

function rethrow(error: unknown): never {
  throw error
}
