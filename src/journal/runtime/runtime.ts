/**
 * The gateway: everything that can change a machine's state enters here, as one journal entry, and always in the
 * order append → apply → perform. An entry is durable before the machine sees it, and the machine has moved
 * before an effect leaves. Live, recovery and replay apply entries by the same code.
 */
import type {
  ActorOptions,
  AnyStateMachine,
  EmittedFrom,
  EventFromLogic,
  EventObject,
  InputFrom,
  SnapshotFrom,
} from 'xstate'
import { JarcastError } from '../../errors.ts'
import { createCheckpoints } from './checkpoints.ts'
import { createCore } from '../core/core.ts'
import type { Core, CoreOptions, CoreState, Rejection } from '../core/core.ts'
import { createTransientJournal, isEntry } from '../journal.ts'
import { followClock } from './journal-time.ts'
import type { Entry, Journal } from '../journal.ts'
import { createMonotonicClock } from './monotonic-clock.ts'
import type { Effect } from '../core/outbox.ts'
import { fingerprintOf } from '../core/state-hash.ts'

/**
 * The clock and timers of the gateway. Default: the wall clock at the start of the process plus the
 * time since then.
 */
export interface RuntimeClock {
  /**
   * Milliseconds since the epoch. If it goes back or jumps by ten years, entries continue from
   * their last time.
   */
  now(): number
  /** Calls back once, after `delayMs` or earlier; the returned function cancels it. */
  wake(callback: () => void, delayMs: number): () => void
}

export interface RuntimeOptions<M extends AnyStateMachine> {
  readonly input: InputFrom<M>
  /** Default: one that keeps nothing. One that has entries is recovered from. */
  readonly journal?: Journal<EventFromLogic<M>> | undefined
  /**
   * Does what an effect names. `key` is the same in every replay and never given twice. It must not throw;
   * results come back through `dispatch`.
   */
  readonly perform: (effect: Effect, key: string) => void
  /**
   * Taken in as an entry after a recovery, before timers that came due meanwhile fire. Effects of the entries before are not performed again: the machine asks
   * for what still matters, knowing that the process was gone.
   */
  readonly recoveryEvent?: EventFromLogic<M> | undefined
  /** Sees what the machine emits, in order, right after the entry that caused it was applied; not in a recovery. */
  readonly onEmitted?: ((emitted: EmittedFrom<M>) => void) | undefined
  /**
   * Hears of an event that made the machine throw, or that the journal cannot keep. Nothing of it happened, as if it had
   * never come; it stays in the journal (of what cannot be kept a note, `event.refused`), every replay rejects it again, and
   * the run goes on. Default: a warning of the process.
   */
  readonly onRejected?: ((rejection: RejectedEntry) => void) | undefined
  /**
   * Called after a batch of entries was applied and its effects were performed; `pending` is lower
   * now.
   */
  readonly onApplied?: (() => void) | undefined
  /** Hears of a journal that refused an entry, a performer or an initial state that threw: the run is over. */
  readonly onError?: ((error: unknown) => void) | undefined
  readonly clock?: RuntimeClock | undefined
  /** Standard XState inspection, handed to every actor. Without it nothing is paid for it. */
  readonly inspect?: ActorOptions<M>['inspect']
}

export interface RejectedEntry extends Rejection {
  readonly seq: number
}

export interface Runtime<M extends AnyStateMachine> {
  /** Recovers what the journal has, or enters the initial state and performs what it asks for. */
  start(): void
  /** Takes in one event: append, apply, perform. Safe to call from `perform`: the event waits for its turn. */
  dispatch(event: EventFromLogic<M>): void
  readonly snapshot: SnapshotFrom<M>
  /** Number of events taken since the start. */
  readonly taken: number
  /** Number of those that were applied: the others wait, or are being written. */
  readonly applied: number
  /** The whole state, as JSON: with a snapshot and the entries after it, a run can go on. */
  state(): CoreState
  /** Milliseconds since the epoch as the machine sees it: the `now` of the last entry applied. */
  now(): number
  /** No entry is taken in any more; timers are called off. */
  stop(): void
}

/** Runs any closed XState machine event-sourced: its inputs journalled, its timers and effects under control. */
export function createRuntime<M extends AnyStateMachine>(
  machine: M,
  options: RuntimeOptions<M>,
): Runtime<M> {
  type Event = EventFromLogic<M>
  const {
    perform,
    onError = rethrow,
    onRejected = warnOfRejection,
    clock = createMonotonicClock(),
  } = options
  const journal = options.journal ?? createTransientJournal<Event>(clock.now())
  const isKept = options.journal !== undefined
  const checks = createCheckpoints(machine, journal, isKept)
  const inbox: (Event | undefined)[] = []
  let core: Core<M> | undefined
  let time = followClock(clock.now, journal.startedAt)
  let seq = 0
  let status: 'new' | 'idle' | 'busy' | 'stopped' = 'new'
  let callOff: () => void = () => undefined
  let wakeDue: number | undefined
  let isRecovering = false
  /** The next entry is the first after a recovery. */
  let isRestart = false
  let applying = 0
  let taken = 0
  let applied = 0
  const coreOptions = {
    input: options.input,
    startMs: journal.startedAt,
    inspect: options.inspect,
    onEmitted: (emitted: EmittedFrom<M>) => {
      if (!isRecovering) options.onEmitted?.(emitted)
    },
    onRejected: (rejection: Rejection) => {
      if (!isRecovering) onRejected({ ...rejection, seq: applying })
    },
  }

  function started(): Core<M> {
    core ??= createCore(machine, coreOptions)
    return core
  }

  function fail(error: unknown): void {
    stop()
    onError(error)
  }

  function performAll(effects: readonly Effect[], entrySeq: number): void {
    let index = 0
    for (const effect of effects) perform(effect, `${entrySeq}.${index++}`)
  }

  function drain(): void {
    while (status === 'idle' && inbox.length > 0) {
      const entries = inbox.splice(0).map((event) => {
        const entry = toEntry(++seq, time.now(), event)
        if (!isRestart) return entry
        isRestart = false
        return { ...entry, restart: true as const }
      })
      status = 'busy'
      const taken = checks.take()
      const appended = journal.append([...taken, ...entries])
      if (appended !== undefined) {
        appended
          .then(
            () => settle(entries),
            async (error: unknown) => settle(await appendTakeable(taken, entries, error)),
          )
          .catch(fail)
        return
      }
      applyAll(entries)
    }
  }

  /**
   * Appends a refused batch again, with a note instead of each entry that the journal cannot store.
   */
  async function appendTakeable(
    taken: ReturnType<typeof checks.take>,
    entries: readonly Entry<Event>[],
    refusal: unknown,
  ): Promise<readonly Entry<Event>[]> {
    const takeable = entries.map((entry) => {
      const error = journal.faultOf?.(entry)
      const { event } = entry
      if (error === undefined || event === undefined) return entry
      onRejected({ seq: entry.seq, event, error })
      return toEntry(entry.seq, entry.now, refusalOf(event, error) as Event)
    })
    if (takeable.every((entry, index) => entry === entries[index])) throw refusal
    await journal.append([...taken, ...takeable])
    return takeable
  }

  function settle(entries: readonly Entry<Event>[]): void {
    applyAll(entries)
    drain()
  }

  function applyAll(entries: readonly Entry<Event>[]): void {
    for (const entry of entries) {
      if (status === 'stopped') return
      applying = entry.seq
      applied += 1
      performAll(started().apply(entry), entry.seq)
    }
    if (status !== 'busy') return
    status = 'idle'
    checks.passed(started(), seq)
    scheduleWake()
    options.onApplied?.()
  }

  function takeIn(event: Event | undefined): void {
    if (status === 'stopped') return
    inbox.push(event)
    taken += 1
    try {
      drain()
    } catch (error) {
      fail(error)
    }
  }

  function scheduleWake(): void {
    const due = started().nextDue()
    // Most entries change no timer.
    if (due === wakeDue || status === 'stopped') return
    wakeDue = due
    callOff()
    if (due === undefined) return
    callOff = clock.wake(
      () => {
        wakeDue = undefined
        // The delay of a timer has an upper bound, and a clock may call back early.
        if (time.now() < due) scheduleWake()
        else takeIn(undefined)
      },
      Math.max(0, Math.ceil(due - time.now())),
    )
  }

  function stop(): void {
    status = 'stopped'
    inbox.length = 0
    callOff()
  }

  return {
    start() {
      if (status !== 'new') return
      status = 'busy'
      try {
        if (journal.lastSeq > 0) {
          isRecovering = true
          core = recover(machine, coreOptions, journal)
          isRecovering = false
          seq = journal.lastSeq
          time = followClock(clock.now, core.now())
          // A run that is over has nothing to go on with.
          const { status: end } = core.snapshot as { readonly status: string }
          if (options.recoveryEvent !== undefined && end === 'active') {
            inbox.unshift(options.recoveryEvent)
            isRestart = true
            taken += 1
          }
        } else performAll(started().start(), 0)
        status = 'idle'
        scheduleWake()
        drain()
      } catch (error) {
        fail(error)
      }
    },
    dispatch: takeIn,
    get snapshot() {
      return started().snapshot
    },
    get taken() {
      return taken
    },
    get applied() {
      return applied
    },
    state: () => started().state(),
    now: () => started().now(),
    stop,
  }
}

/** The machine as it was after the last entry, from a snapshot where there is one to rely on. */
function recover<M extends AnyStateMachine>(
  machine: M,
  options: CoreOptions<M>,
  journal: Journal<EventFromLogic<M>>,
): Core<M> {
  const snapshot = journal.readSnapshot?.(fingerprintOf(machine))
  const core = createCore(machine, {
    ...options,
    state: snapshot?.state as CoreState | undefined,
  })
  core.start()
  for (const record of journal.read((snapshot?.seq ?? 0) + 1))
    if (isEntry(record)) core.apply(record)
  return core
}

/** Machines ignore this event: it is for people, and the same in every replay. */
function refusalOf({ type }: EventObject, error: unknown) {
  const message = error instanceof Error ? error.message : String(error)
  return { type: 'event.refused', event: type, message }
}

function toEntry<Event extends { type: string }>(
  seq: number,
  now: number,
  event: Event | undefined,
): Entry<Event> {
  return event === undefined ? { seq, now } : { seq, now, event }
}

/** `entry 6, mesos.update, was rejected: it makes the machine throw: …`, or `… was refused: …` by the journal. */
export function describeRejection({ seq, event, error }: RejectedEntry): string {
  const why = error instanceof Error ? error.message : String(error)
  if (error instanceof JarcastError && error.code === 'JOURNAL_ENTRY_INVALID')
    return `entry ${seq}, ${event.type}, was refused: ${why}`
  return `entry ${seq}, ${event.type}, was rejected: it makes the machine throw: ${why}`
}

function warnOfRejection(rejection: RejectedEntry): void {
  process.emitWarning(describeRejection(rejection), { code: 'EVENT_REJECTED' })
}

function rethrow(error: unknown): never {
  throw error
}
