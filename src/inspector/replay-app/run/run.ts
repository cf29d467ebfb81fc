/**
 * A run that is read and replayed in slices: entries first, so that the log can be shown at once,
 * then their outcomes.
 */
import type { AnyStateMachine } from 'xstate'
import { messageOf } from '../../../errors.ts'
import { isEntry } from '../../../journal/journal.ts'
import type { Entry, JournalRecord } from '../../../journal/journal.ts'
import type { LensStep } from '../../protocol/lens.ts'
import { quietly } from '../../value/hostile.ts'
import { momentUnknown } from '../../answer-errors.ts'
import { dropOldest } from './drop-oldest.ts'
import type { EntrySource } from './entry-source.ts'
import { createEntryStore } from './entry-store.ts'
import { createRunIndex } from './run-index.ts'
import type { EntryOutcome, RunIndex } from './run-index.ts'
import { noteRange } from './note-range.ts'
import { createSlices } from './slices.ts'
import { createTimeTravel } from './time-travel.ts'
import type { Cursor, RunStart, TimeTravel } from './time-travel.ts'
import { createWaiters } from './waiters.ts'
import { createWay } from './way.ts'

export interface Run<M extends AnyStateMachine> {
  readonly firstSeq: number
  readonly lastSeq: number
  /** Entries that were read. */
  readonly readSeq: number
  /** Entries whose outcome is known. */
  readonly replayedSeq: number
  /** Time of the last entry, ms since the epoch. */
  readonly now: number
  readonly isOver: boolean
  /** What went wrong while it was read or replayed, in words. */
  readonly problems: readonly string[]
  /** Entries that were dropped; `now`: time of the last drop, ms since the epoch. */
  readonly dropped?: { readonly count: number; readonly now: number } | undefined
  readonly index: RunIndex
  readonly travel: TimeTravel<M>
  /** Throws INSPECTOR_MOMENT_UNKNOWN if it is not kept. */
  entryAt(seq: number): Entry
  /** The entries from `seq` on, some at a time, each as JSON. */
  linesFrom(seq: number): readonly string[]
  /** Resolves once the state after an entry can be shown soon. Rejects INSPECTOR_MOMENT_UNKNOWN. */
  reach(seq: number): Promise<void>
  /** Part of the way to the state that was asked for last, 0 to 1; undefined if it is there. */
  readonly replayedPart: number | undefined
  /** Resolves once the entries up to `seq` were read, or all that are there. */
  readTo(seq: number): Promise<void>
  /** Resolves once the outcomes of the entries up to `seq` are known. */
  replayTo(seq: number): Promise<void>
  /** Notes the outcomes of these entries, if that is quick. */
  noteSoon(from: number, to: number): void
  /** The state now is asked for soon. */
  capture(): void
  close(): void
}

export interface RunHandlers {
  readonly isFailure: (entry: Entry) => boolean
  readonly onChange: () => void
  /** Called once per entry, in order, when it is replayed. */
  readonly onStep?: ((step: LensStep) => void) | undefined
}

/** Entries between checkpoints. */
const checkpointEvery = 250
const pollMs = 500
/** Of all entries, as JSON. The oldest are dropped, once they were replayed. */
const maxChars = 512 * 1024 * 1024

export function openRun<M extends AnyStateMachine>(
  start: RunStart<M>,
  source: EntrySource,
  { isFailure, onChange, onStep }: RunHandlers,
): Run<M> {
  const from = start.from?.seq ?? 0
  const store = createEntryStore(from, 'packed')
  const index = createRunIndex(from)
  const travel = createTimeTravel(start, (seq) => store.get(seq))
  const read = createWaiters()
  const replayed = createWaiters()
  let isLastRead = false
  /** `seq` of the last entry that the files were seen to have. */
  let told = from
  let records: Iterator<JournalRecord> | undefined = readOn()
  let poll: ReturnType<typeof setTimeout> | undefined
  let cursor: Cursor<M> | undefined
  let keptSeq = from
  const way = createWay(onChange)
  const problems: string[] = []

  const slices = createSlices((isLate) => {
    const isFull = store.chars > maxChars && replayed.reached < store.lastSeq
    if (records !== undefined && !isFull) attempt(readSome, isLate)
    else attempt(replaySome, isLate)
    onChange()
    if (records !== undefined) return true
    if (problems.length === 0 && replayed.reached < store.lastSeq) return true
    pollLater()
    return false
  })
  slices.start()

  /** What was read or replayed before a failure can be shown; what comes after cannot. */
  function attempt(work: (isLate: () => boolean) => void, isLate: () => boolean): void {
    try {
      work(isLate)
    } catch (error) {
      problems.push(
        `entries after ${work === readSome ? store.lastSeq : (cursor?.seq ?? from)}: ${messageOf(error)}`,
      )
      if (work === readSome) endReading()
      else replayed.fail(error)
    }
  }

  function readSome(isLate: () => boolean): void {
    while (!isLate()) {
      const next = records?.next()
      if (next === undefined || next.done === true) {
        endReading()
        return
      }
      const record = next.value
      if (!isEntry(record) || record.seq <= store.lastSeq) continue
      if (record.seq !== store.lastSeq + 1)
        throw new RangeError(`entry ${record.seq} is out of order`)
      store.add(record)
      index.add(record, isFailure(record))
    }
    read.reach(store.lastSeq)
  }

  function endReading(): void {
    records = undefined
    read.reach(store.lastSeq)
    // An entry written since is read soon: who asks for it has been told of it.
    if (isOver() || told <= store.lastSeq) read.rest()
  }

  function isOver(): boolean {
    return records === undefined && (problems.length > 0 || isLastRead)
  }

  function replaySome(isLate: () => boolean): void {
    if (cursor === undefined) keep((cursor = travel.cursorAt(from)))
    while (!isLate() && cursor.seq < store.lastSeq) {
      const to = Math.min(cursor.seq + checkpointEvery, store.lastSeq)
      travel.walk(cursor, to, noteStep, isLate)
      if (cursor.seq - keptSeq >= checkpointEvery) keep(cursor)
      dropOldest(store, index, travel, maxChars)
    }
    replayed.reach(cursor.seq)
  }

  function noteStep(seq: number, outcome: EntryOutcome, step: () => LensStep): void {
    index.note(seq, outcome)
    onStep?.(step())
  }

  function keep({ seq, core }: Cursor<M>): void {
    keptSeq = seq
    travel.keep({ seq, moment: core.moment() })
  }

  /** Opened while it is read: a file that is gone is a problem like a line that is broken. */
  function* readOn(): Generator<JournalRecord> {
    // Asked before: what is written between the two belongs to the run.
    isLastRead = source.isOver()
    yield* source.read()
  }

  function pollLater(): void {
    if (problems.length > 0 || isLastRead || slices.isClosed) return
    poll = setTimeout(() => {
      records = readOn()
      slices.start()
    }, pollMs)
  }

  function assertKnown(seq: number): void {
    if (seq < store.firstSeq - 1 || seq > store.lastSeq) throw momentUnknown(seq)
  }

  async function readTo(seq: number): Promise<void> {
    if (records !== undefined || (seq <= told && !isOver())) await read.until(seq)
  }

  return {
    get firstSeq() {
      return store.firstSeq - 1
    },
    get lastSeq() {
      if (isOver()) return store.lastSeq
      // Asked for only while entries are read: a journal looks at its files, which may be gone.
      if (records !== undefined) told = Math.max(told, quietly(() => source.lastSeq) ?? 0)
      return Math.max(told, store.lastSeq)
    },
    get readSeq() {
      return store.lastSeq
    },
    get replayedSeq() {
      return replayed.reached
    },
    get now() {
      const { startedAt, from: state } = start
      return index.nowOf(store.lastSeq) || (state?.state.now ?? startedAt)
    },
    get isOver() {
      return isOver()
    },
    problems,
    index,
    travel,
    entryAt(seq) {
      const entry = store.get(seq)
      if (entry === undefined) throw momentUnknown(seq)
      return entry
    },
    linesFrom: (seq) => store.linesFrom(seq),
    async reach(seq) {
      await readTo(seq)
      assertKnown(seq)
      await way.go(async (onPart) => {
        const began = replayed.reached
        const near = seq - checkpointEvery
        if (near > began && !travel.useSavedState(seq, began)) {
          way.follow(() => (replayed.reached - began) / (near - began))
          await replayed.until(near)
        }
        await travel.approach(seq, onPart)
      })
    },
    get replayedPart() {
      return way.part
    },
    readTo,
    async replayTo(seq) {
      await readTo(seq)
      await replayed.until(Math.min(seq, store.lastSeq))
    },
    noteSoon: (from, to) => noteRange(travel, index, from, to),
    capture: () => undefined,
    close() {
      clearTimeout(poll)
      slices.close()
    },
  }
}
