/** The journal: everything that could change the state of a run, in order, each as one entry. */
import type { EventObject } from 'xstate'

/** One input. `event` is absent when only the clock moved, which is what lets timers fire. */
export interface Entry<Event extends EventObject = EventObject> {
  /** 1 for the first entry, then one more each. */
  readonly seq: number
  /** Milliseconds since the epoch at which the entry was taken in. */
  readonly now: number
  /** The first entry of a process that recovered the run: timers that came due while none ran fire after its event. */
  readonly restart?: true
  readonly event?: Event
}

/** Hash of the state after an entry, written once it was applied: what a replay is held against. */
export interface StateCheck {
  /** `seq` of the entry; 0 for the initial state. */
  readonly after: number
  readonly hash: string
}

export type JournalRecord<Event extends EventObject = EventObject> = Entry<Event> | StateCheck

/** The state after an entry, to start from in place of the first one. Disposable: the entries say the same. */
export interface Snapshot {
  readonly seq: number
  /** Of the machine that was in this state; another machine must not start from it. */
  readonly fingerprint: string
  readonly state: unknown
}

export interface Journal<Event extends EventObject = EventObject> {
  /** `seq` of the last entry; 0 while there is none. */
  readonly lastSeq: number
  /** When the run began, ms since the epoch: the time of the initial state. */
  readonly startedAt: number
  /**
   * Returns why an entry cannot be stored (larger than any line, or not JSON); undefined if it can.
   * Called after JOURNAL_ENTRY_INVALID refused an append, which leaves the journal unchanged.
   */
  faultOf?(entry: Entry<Event>): unknown
  /** Makes the records durable, in order. Nothing is applied before this returned, or its promise resolved. */
  append(records: readonly JournalRecord<Event>[]): void | Promise<void>
  /** Entries from `seq` on, and the checks among them. */
  read(fromSeq: number): Iterable<JournalRecord<Event>>
  /** The newest snapshot of a machine with this fingerprint; undefined when there is none to rely on. */
  readSnapshot?(fingerprint: string): Snapshot | undefined
  writeSnapshot?(snapshot: Snapshot): Promise<void>
  close?(): Promise<void>
}

export function isEntry<Event extends EventObject>(
  record: JournalRecord<Event>,
): record is Entry<Event> {
  return 'seq' in record
}

/** A journal that keeps nothing: for runs that nobody will replay, whose process may live for months. */
export function createTransientJournal<Event extends EventObject = EventObject>(
  startedAt = Date.now(),
): Journal<Event> {
  return { startedAt, lastSeq: 0, append: () => undefined, read: () => [] }
}

/** A journal in memory, growing with every entry: for tests, and for runs that are replayed when they are over. */
export function createMemoryJournal<Event extends EventObject = EventObject>(
  startedAt = Date.now(),
): Journal<Event> {
  const records: JournalRecord<Event>[] = []
  let lastSeq = 0
  return {
    startedAt,
    get lastSeq() {
      return lastSeq
    },
    append(added) {
      for (const record of added) {
        records.push(record)
        if (isEntry(record)) lastSeq = record.seq
      }
    },
    read: (fromSeq) =>
      records.filter((record) => (isEntry(record) ? record.seq : record.after) >= fromSeq),
  }
}
