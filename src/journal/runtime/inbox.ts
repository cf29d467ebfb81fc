/** Events that wait for the gateway, and become entries. */
import type { EventObject } from 'xstate'
import type { Entry } from '../journal.ts'
import { followClock } from './journal-time.ts'
import type { JournalTime } from './journal-time.ts'

export class Inbox<Event extends EventObject> {
  /** Number of events taken since the start. */
  taken = 0
  /** Seq of the last event that became an entry. */
  lastSeq = 0
  readonly #clockNow: () => number
  #time: JournalTime
  /** Undefined for the passing of time, without an event. */
  readonly #waiting: (Event | undefined)[] = []
  #isRestart = false

  /** `startedAt`: the time of the first state, ms since the epoch. */
  constructor(clockNow: () => number, startedAt: number) {
    this.#clockNow = clockNow
    this.#time = followClock(clockNow, startedAt)
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  /** Milliseconds since the epoch: the time of the next entry. */
  now(): number {
    return this.#time.now()
  }

  add(event: Event | undefined): void {
    this.#waiting.push(event)
    this.taken += 1
  }

  /** Continues after entry `seq`, whose time is `nowMs`. */
  continueAfter(seq: number, nowMs: number): void {
    this.lastSeq = seq
    this.#time = followClock(this.#clockNow, nowMs)
  }

  /** Adds the first event of a new process, before all others. */
  addRestart(event: Event): void {
    this.#waiting.unshift(event)
    this.#isRestart = true
    this.taken += 1
  }

  /** Removes all events and returns them as entries. */
  takeAll(): readonly Entry<Event>[] {
    return this.#waiting.splice(0).map((event) => this.#toEntry(event))
  }

  clear(): void {
    this.#waiting.length = 0
  }

  #toEntry(event: Event | undefined): Entry<Event> {
    const seq = ++this.lastSeq
    const now = this.now()
    if (event === undefined) return { seq, now }
    if (!this.#isRestart) return { seq, now, event }
    this.#isRestart = false
    return { seq, now, restart: true, event }
  }
}
