/** The journal: everything that could change the state of a run, in order, each as one entry. */
import type { EventObject } from 'xstate'

/** One input. `event` is absent when only the clock moved, which is what lets timers fire. */
export interface Entry<Event extends EventObject = EventObject> {
  /** 1 for the first entry, then one more each. */
  readonly seq: number
  /** Milliseconds since the epoch at which the entry was taken in. */
  readonly now: number
  readonly event?: Event
}

export interface Journal<Event extends EventObject = EventObject> {
  /** Makes the entries durable, in order. Nothing is applied before this returned, or its promise resolved. */
  append(entries: readonly Entry<Event>[]): void | Promise<void>
  /** The entries from `seq` on. */
  read(fromSeq: number): Iterable<Entry<Event>>
}

/** A journal in memory: for tests, and for runs that need not outlive their process. */
export function createMemoryJournal<Event extends EventObject = EventObject>(): Journal<Event> {
  const entries: Entry<Event>[] = []
  return {
    append(added) {
      entries.push(...added)
    },
    read: (fromSeq) => entries.slice(Math.max(0, fromSeq - 1)),
  }
}
