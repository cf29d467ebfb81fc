/** The entries of a live run, from one on: with what it told of them, and the way to any moment. */
import type { AnyStateMachine } from 'xstate'
import type { Transition } from '../../../journal/core/transition.ts'
import type { Entry } from '../../../journal/journal.ts'
import { dropOldest } from './drop-oldest.ts'
import { createEntryStore } from './entry-store.ts'
import type { EntryStore, ReadEntries } from './entry-store.ts'
import { noOutcomes, outcomeOf } from './live-outcomes.ts'
import type { Outcomes } from './live-outcomes.ts'
import { createRunIndex } from './run-index.ts'
import type { RunIndex } from './run-index.ts'
import { createTimeTravel } from './time-travel.ts'
import type { RunStart, TimeTravel } from './time-travel.ts'

/** Of all entries, as JSON, about. Older ones are read again, or dropped. */
const maxChars = 64 * 1024 * 1024

export interface LiveEntries<M extends AnyStateMachine> {
  readonly store: EntryStore
  /** Of all entries so far. */
  readonly index: RunIndex
  readonly travel: TimeTravel<M>
  /** Entries that are gone. */
  readonly droppedCount: number
  /** Takes what the run told of an entry. */
  tell(transition: Transition<M>): void
  /** Adds an entry of the run as it happens. */
  add(entry: Entry): void
  /** Adds an entry that was read from the journal. */
  addRead(entry: Entry): void
  /** Keeps the memory within its limit. */
  tidy(): void
}

/** `seq`: of the moment before the first entry to come. */
export function createLiveEntries<M extends AnyStateMachine>(
  start: RunStart<M>,
  seq: number,
  isFailure: (entry: Entry) => boolean,
  readEntries: ReadEntries | undefined,
): LiveEntries<M> {
  const store = createEntryStore(seq, 'live', readEntries)
  const travel = createTimeTravel(start, (of) => store.get(of))
  /** Of entries that are not indexed yet. */
  const outcomes = new Map<number, Outcomes>()
  let index = createRunIndex(seq)
  let droppedCount = 0

  function addToIndex(entry: Entry): void {
    const { effects, isRejected } = outcomes.get(entry.seq) ?? noOutcomes
    index.add(entry, isFailure(entry))
    index.mark(entry.seq, effects, isRejected)
    outcomes.delete(entry.seq)
  }

  /** Indexes the entries that came since the last question. */
  function catchUp(): void {
    for (let of = index.lastSeq + 1; of <= store.lastSeq; of++) addToIndex(store.get(of) as Entry)
  }

  function drop(): void {
    const first = store.firstSeq
    dropOldest(store, index, travel, maxChars)
    // No question was about the dropped entries.
    if (index.lastSeq < store.firstSeq - 1) index = createRunIndex(store.firstSeq - 1)
    for (let of = first; of < store.firstSeq; of++) outcomes.delete(of)
    droppedCount += store.firstSeq - first
  }

  return {
    store,
    get index() {
      catchUp()
      return index
    },
    travel,
    get droppedCount() {
      return droppedCount
    },
    tell({ seq: of, effects, facts, rejections }) {
      if (effects.length === 0 && facts.length === 0 && rejections.length === 0) return
      outcomes.set(of, outcomeOf(effects, facts, rejections.length > 0))
    },
    add(entry) {
      store.form = 'live'
      store.add(entry)
    },
    addRead(entry) {
      store.form = 'packed'
      store.add(entry)
      addToIndex(entry)
    },
    tidy() {
      if (readEntries === undefined) drop()
      else if (store.chars > maxChars) {
        // Before they have to be read for it.
        catchUp()
        store.unload(maxChars)
      }
    },
  }
}
