/** The journal: the inputs of a run in order, each as one entry. */
import type { EventObject } from 'xstate'

/** One input. Without `event`, only the time moves, and timers fire. */
export interface Entry<Event extends EventObject = EventObject> {
  /** 1 for the first entry, then one more each. */
  readonly seq: number
  /** Time at which the entry was taken, ms since the epoch. */
  readonly now: number
  /** The first entry of a process that recovered the run: earlier timers fire after its event. */
  readonly restart?: true
  readonly event?: Event
}

/** Hash of the state after an entry, written after it was applied. Replays compare theirs. */
export interface StateCheck {
  /** `seq` of the entry; 0 for the initial state. */
  readonly after: number
  readonly hash: string
}

export type JournalRecord<Event extends EventObject = EventObject> = Entry<Event> | StateCheck

/** The state after an entry, to start from. It only saves time: the entries give the same state. */
export interface Snapshot {
  readonly seq: number
  /** Of the machine with this state. Another machine must not start from it. */
  readonly fingerprint: string
  readonly state: unknown
}

export interface Journal<Event extends EventObject = EventObject> {
  /** `seq` of the last entry; 0 while there is none. */
  readonly lastSeq: number
  /** Time of the initial state, ms since the epoch. */
  readonly startedAt: number
  /**
   * Returns why an entry cannot be stored (larger than any line, or not JSON); undefined if it can.
   * Called after JOURNAL_ENTRY_INVALID refused an append, which leaves the journal unchanged.
   */
  faultOf?(entry: Entry<Event>): unknown
  /** Makes the records durable, in order, when it returns or its promise resolves. */
  append(records: readonly JournalRecord<Event>[]): void | Promise<void>
  /** Entries from `fromSeq` on, and the checks among them. */
  read(fromSeq: number): Iterable<JournalRecord<Event>>
  /** The newest whole snapshot of a machine with this fingerprint; undefined if there is none. */
  readSnapshot?(fingerprint: string): Snapshot | undefined
  writeSnapshot?(snapshot: Snapshot): Promise<void>
  close?(): Promise<void>
}

/** True for an entry, false for a check of the state. */
export function isEntry<Event extends EventObject>(
  record: JournalRecord<Event>,
): record is Entry<Event> {
  return 'seq' in record
}

/** Creates a journal that keeps nothing: for long runs without recovery and replay. */
export function createTransientJournal<Event extends EventObject = EventObject>(
  startedAt = Date.now(),
): Journal<Event> {
  return { startedAt, lastSeq: 0, append: () => undefined, read: () => [] }
}

/** Creates a journal in memory, which grows with every entry: for tests and short runs. */
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
