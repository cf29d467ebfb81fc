/**
 * The gateway: everything that can change a machine's state enters here, as one journal entry, in
 * the order append → apply → perform. An entry is durable before the machine gets it, and the
 * machine has moved before an effect is performed. Live runs, recovery and replay apply entries by
 * the same code.
 */
import { Subscription } from 'rxjs'
import type { Observable } from 'rxjs'
import type { AnyStateMachine, EventFromLogic, SnapshotFrom } from 'xstate'
import { createCore } from '../core/core.ts'
import type { Core, CoreOptions } from '../core/core.ts'
import type { CoreState } from '../core/core-state.ts'
import type { RunMoment } from '../core/moment.ts'
import { createTransientJournal } from '../journal.ts'
import type { Entry, Journal } from '../journal.ts'
import { createAlarm } from './alarm.ts'
import { appendEntries } from './append-entries.ts'
import { createCheckpoints } from './checkpoints.ts'
import { Inbox } from './inbox.ts'
import { createMonotonicClock } from './monotonic-clock.ts'
import type { RuntimeClock } from './monotonic-clock.ts'
import { recoverCore } from './recover-core.ts'
import type { RuntimeOptions } from './runtime-options.ts'
import { createRunStreams } from './run-streams.ts'
import type { RunStreams } from './run-streams.ts'

export interface Runtime<M extends AnyStateMachine> extends RunStreams<M> {
  /** Recovers the run of the journal, or enters the initial state. */
  start(): void
  /**
   * Takes one event: append, apply, perform. Safe to call from a subscriber: the event waits for
   * its turn. Events before `start` wait for it; after the end of the run they are ignored.
   */
  readonly dispatch: (event: EventFromLogic<M>) => void
  /**
   * Takes the events of a stream until it completes, the returned subscription is closed, or the
   * run is over. An error of the stream ends the run with that error: turn expected failures into
   * events before.
   */
  connect(event$: Observable<EventFromLogic<M>>): Subscription
  readonly snapshot: SnapshotFrom<M>
  /** Number of events taken since the start. */
  readonly taken: number
  /** Number of those that were applied: the others wait, or are being written. */
  readonly applied: number
  /** The whole state, as JSON: with a snapshot and the entries after it, a run can continue. */
  state(): CoreState
  /**
   * The state after the last entry applied, in memory; undefined before the start. It costs nothing
   * that grows with the state, and never changes.
   */
  moment(): RunMoment | undefined
  /** Milliseconds since the epoch as the machine sees it: the `now` of the last entry applied. */
  now(): number
  /** Ends the run: takes no more events, cancels timers, and completes the streams. */
  stop(): void
}

/**
 * Runs any closed XState machine event-sourced: its inputs journalled, its timers and effects under
 * control. Subscribe to the streams before `start`, which publishes on them. Without any
 * subscriber, the error that ends the run is thrown.
 */
export function createRuntime<M extends AnyStateMachine>(
  machine: M,
  options: RuntimeOptions<M>,
): Runtime<M> {
  return new Gateway(machine, options)
}

class Gateway<M extends AnyStateMachine> implements Runtime<M> {
  readonly #machine: M
  readonly #coreOptions: CoreOptions<M>
  readonly #journal: Journal<EventFromLogic<M>>
  readonly #recoveryEvent: EventFromLogic<M> | undefined
  readonly #clock: RuntimeClock
  readonly #checks: ReturnType<typeof createCheckpoints<M>>
  readonly #streams = createRunStreams<M>()
  readonly #sources = new Subscription()
  readonly #alarm = createAlarm(
    (callback, delayMs) => this.#clock.wake(callback, delayMs),
    () => this.#inbox.now(),
    () => this.#take(undefined),
  )
  readonly #inbox: Inbox<EventFromLogic<M>>
  #core: Core<M> | undefined
  #status: 'new' | 'idle' | 'busy' | 'stopped' = 'new'
  #applied = 0
  #lastSeq = 0

  readonly entry$ = this.#streams.entry$
  readonly transition$ = this.#streams.transition$
  readonly fact$ = this.#streams.fact$
  readonly effect$ = this.#streams.effect$
  readonly rejection$ = this.#streams.rejection$
  readonly applied$ = this.#streams.applied$

  constructor(machine: M, options: RuntimeOptions<M>) {
    const { input, inspect, recoveryEvent, clock = createMonotonicClock() } = options
    const journal = options.journal ?? createTransientJournal<EventFromLogic<M>>(clock.now())
    this.#machine = machine
    this.#journal = journal
    this.#recoveryEvent = recoveryEvent
    this.#clock = clock
    this.#checks = createCheckpoints(machine, journal, options.journal !== undefined)
    this.#inbox = new Inbox(clock.now, journal.startedAt)
    this.#coreOptions = { input, startMs: journal.startedAt, inspect }
  }

  start(): void {
    if (this.#status !== 'new') return
    this.#status = 'busy'
    try {
      if (this.#journal.lastSeq > 0) this.#recover()
      else this.#streams.moved(0, undefined, this.#getCore(), this.#getCore().start())
      if (this.#isStopped()) return
      this.#status = 'idle'
      this.#alarm.set(this.#getCore().nextDue())
      this.#drain()
    } catch (error) {
      this.#fail(error)
    }
  }

  readonly dispatch = (event: EventFromLogic<M>): void => this.#take(event)

  connect(event$: Observable<EventFromLogic<M>>): Subscription {
    const source = event$.subscribe({
      next: this.dispatch,
      error: (error: unknown) => this.#fail(error),
    })
    this.#sources.add(source)
    return source
  }

  get snapshot(): SnapshotFrom<M> {
    return this.#getCore().snapshot
  }

  get taken(): number {
    return this.#inbox.taken
  }

  get applied(): number {
    return this.#applied
  }

  moment(): RunMoment | undefined {
    if (this.#status === 'new' || this.#core === undefined) return undefined
    return { seq: this.#lastSeq, moment: this.#core.moment() }
  }

  state(): CoreState {
    return this.#getCore().state()
  }

  now(): number {
    return this.#getCore().now()
  }

  stop(): void {
    if (this.#isStopped()) return
    this.#close()
    this.#streams.complete()
  }

  #fail(error: unknown): void {
    if (this.#isStopped()) return
    this.#close()
    if (!this.#streams.fail(error)) throw error
  }

  #close(): void {
    this.#status = 'stopped'
    this.#inbox.clear()
    this.#alarm.set(undefined)
    this.#sources.unsubscribe()
  }

  #isStopped(): boolean {
    return this.#status === 'stopped'
  }

  #getCore(): Core<M> {
    this.#core ??= createCore(this.#machine, this.#coreOptions)
    return this.#core
  }

  #recover(): void {
    const core = recoverCore(this.#machine, this.#coreOptions, this.#journal)
    const { lastSeq } = this.#journal
    this.#core = core
    this.#lastSeq = lastSeq
    this.#inbox.continueAfter(lastSeq, core.now())
    this.#streams.moved(lastSeq, undefined, core, noOutcome)
    // A machine that has ended does not continue.
    const { status } = core.snapshot as { readonly status: string }
    if (this.#recoveryEvent !== undefined && status === 'active')
      this.#inbox.addRestart(this.#recoveryEvent)
  }

  #take(event: EventFromLogic<M> | undefined): void {
    if (this.#isStopped()) return
    this.#inbox.add(event)
    try {
      this.#drain()
    } catch (error) {
      this.#fail(error)
    }
  }

  #drain(): void {
    while (this.#status === 'idle' && !this.#inbox.isEmpty) {
      const entries = this.#inbox.takeAll()
      this.#status = 'busy'
      const checks = this.#checks.take()
      const durable = appendEntries(this.#journal, checks, entries, this.#streams.reject)
      if (durable instanceof Promise) {
        durable
          .then((stored) => {
            this.#applyAll(stored)
            this.#drain()
          })
          .catch((error: unknown) => this.#fail(error))
        return
      }
      this.#applyAll(durable)
    }
  }

  #applyAll(entries: readonly Entry<EventFromLogic<M>>[]): void {
    const core = this.#getCore()
    for (const entry of entries) {
      if (this.#isStopped()) return
      this.#applied += 1
      this.#streams.appended(entry)
      const outcome = core.apply(entry)
      this.#lastSeq = entry.seq
      this.#streams.moved(entry.seq, entry, core, outcome)
    }
    if (this.#isStopped()) return
    this.#status = 'idle'
    this.#checks.passed(core, this.#inbox.lastSeq)
    this.#alarm.set(core.nextDue())
    this.#streams.settled(this.#applied)
  }
}

const noOutcome = { effects: [], facts: [], rejections: [] } as const
