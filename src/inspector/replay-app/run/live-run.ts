/**
 * A live run of this process. Its entries and their outcomes are recorded as they happen; nothing
 * is replayed until a question is about an earlier moment. What was before it was watched is read
 * from its journal, if it has one.
 */
import type { AnyStateMachine } from 'xstate'
import type { RunMoment } from '../../../journal/core/moment.ts'
import type { Transition } from '../../../journal/core/transition.ts'
import { messageOf } from '../../../errors.ts'
import { momentUnknown } from '../../answer-errors.ts'
import { createTimeBucket } from '../../time-bucket.ts'
import type { ReadEntries } from './entry-store.ts'
import { createLiveEntries } from './live-entries.ts'
import type { LiveEntries } from './live-entries.ts'
import { createPauses } from './pauses.ts'
import { noteRange } from './note-range.ts'
import { readPast } from './read-past.ts'
import type { PastReader } from './read-past.ts'
import type { Run, RunHandlers } from './run.ts'
import type { RunStart } from './time-travel.ts'
import { createWay } from './way.ts'

/** A run of `createRuntime`, as far as it is watched. */
export interface LiveSource<M extends AnyStateMachine = AnyStateMachine> {
  readonly transition$: {
    subscribe(observer: {
      next: (transition: Transition<M>) => void
      error: (error: unknown) => void
      complete: () => void
    }): { unsubscribe(): void }
  }
  /** Undefined before the start of the run. */
  moment(): RunMoment | undefined
  /** Entries that the run has applied, from the first on. Default: they cannot be read. */
  readonly readEntries?: ReadEntries | undefined
}

const checkpointEvery = 1000
const onChangeMs = 100
/** Of the run's time, for the outcomes that rows show. */
const share = 0.03
const burstMs = 60
/** Entries that are replayed without a pause. */
const entriesAtOnce = 100

/**
 * Watches a run from its start if it has not begun, or if its entries can be read; else from now
 * on.
 */
export function openLiveRun<M extends AnyStateMachine>(
  start: RunStart<M>,
  source: LiveSource<M>,
  { isFailure, onChange, onStep }: RunHandlers,
): Run<M> {
  const problems: string[] = []
  const way = createWay(onChange)
  const bucket = createTimeBucket(share, burstMs)
  let hasBegun = false
  let appliedSeq = 0
  let lastNow = start.startedAt
  let isOver = false
  let dropped: Run<M>['dropped']
  let timer: ReturnType<typeof setTimeout> | undefined
  let reader: PastReader | undefined
  let replayedSeq = 0
  let replaying = Promise.resolve()
  let kept: LiveEntries<M> = begin(source.moment())

  /** The entries before `moment` are read, if they can be. */
  function begin(moment: RunMoment | undefined): LiveEntries<M> {
    const { readEntries } = source
    reader?.close()
    hasBegun = moment !== undefined
    appliedSeq = moment?.seq ?? 0
    if (moment !== undefined) lastNow = moment.moment.now
    const first = readEntries === undefined ? appliedSeq : (start.from?.seq ?? 0)
    const entries = createLiveEntries(start, first, isFailure, readEntries)
    replayedSeq = first
    if (moment !== undefined) entries.travel.keep(moment)
    if (readEntries === undefined || first >= appliedSeq) return entries
    reader = readPast({
      read: readEntries,
      from: first,
      appliedSeq: () => appliedSeq,
      add: entries.addRead,
      onChange() {
        entries.tidy()
        onChange()
      },
      onEnd: (failure) => failure && showFromNow(failure.error),
    })
    return entries
  }

  function showFromNow(error: unknown): void {
    problems.push(`earlier entries cannot be read: ${messageOf(error)}`)
    const moment = source.moment() ?? kept.travel.latest
    // Without entries that are read.
    kept = createLiveEntries(start, moment?.seq ?? appliedSeq, isFailure, undefined)
    if (moment !== undefined) kept.travel.keep(moment)
    replayedSeq = kept.store.lastSeq
  }

  const subscription = source.transition$.subscribe({
    next: take,
    error(error) {
      problems.push(messageOf(error))
      end()
    },
    complete: end,
  })

  function take(transition: Transition<M>): void {
    const { entry, seq, now } = transition
    lastNow = now
    if (!hasBegun || entry === undefined) {
      kept = begin(source.moment())
      return
    }
    appliedSeq = seq
    kept.tell(transition)
    if (reader?.isReading !== true) kept.add(entry)
    if (seq % checkpointEvery === 0) {
      capture()
      const before = kept.droppedCount
      kept.tidy()
      if (kept.droppedCount > before) dropped = { count: kept.droppedCount, now }
      replayedSeq = Math.max(replayedSeq, kept.store.firstSeq - 1)
    }
    timer ??= setTimeout(tell, onChangeMs)
  }

  function tell(): void {
    timer = undefined
    onChange()
  }

  function end(): void {
    isOver = true
    tell()
  }

  /** The state now is a checkpoint: taking it costs as much as the machine has actors. */
  function capture(): void {
    const moment = source.moment()
    if (moment !== undefined && moment.seq !== kept.travel.latest?.seq) kept.travel.keep(moment)
  }

  function assertKnown(seq: number): void {
    const { store } = kept
    if (seq < store.firstSeq - 1 || seq > store.lastSeq) throw momentUnknown(seq)
  }

  async function readTo(seq: number): Promise<void> {
    await reader?.until(Math.min(seq, appliedSeq))
  }

  async function replayTo(seq: number): Promise<void> {
    await readTo(seq)
    const { index, travel, store } = kept
    const pause = createPauses()
    const to = Math.min(seq, store.lastSeq)
    if (replayedSeq >= to) return
    const cursor = travel.cursorAt(replayedSeq)
    while (cursor.seq < to && store.get(cursor.seq + 1) !== undefined) {
      const until = Math.min(to, cursor.seq + entriesAtOnce)
      travel.walk(cursor, until, (of, outcome, step) => {
        if (of <= replayedSeq) return
        index.note(of, outcome)
        replayedSeq = of
        onStep?.(step())
      })
      travel.keepNear(cursor)
      await pause()
    }
  }

  return {
    get firstSeq() {
      return kept.store.firstSeq - 1
    },
    get lastSeq() {
      return reader?.isReading === true ? appliedSeq : kept.store.lastSeq
    },
    get readSeq() {
      return kept.store.lastSeq
    },
    get replayedSeq() {
      return replayedSeq
    },
    get now() {
      return lastNow
    },
    get isOver() {
      return isOver && reader?.isReading !== true
    },
    problems,
    get dropped() {
      return dropped
    },
    get index() {
      return kept.index
    },
    get travel() {
      return kept.travel
    },
    entryAt(seq) {
      const entry = kept.store.get(seq)
      if (entry === undefined) throw momentUnknown(seq)
      return entry
    },
    linesFrom: (seq) => kept.store.linesFrom(seq),
    async reach(seq) {
      await readTo(seq)
      assertKnown(seq)
      await way.go((onPart) => kept.travel.approach(seq, onPart))
      assertKnown(seq)
    },
    get replayedPart() {
      return way.part
    },
    readTo,
    replayTo(seq) {
      // One after the other: each continues where the one before has come to.
      const done = replaying.then(() => replayTo(seq))
      replaying = done.catch(() => undefined)
      return done
    },
    noteSoon(from, to) {
      const { travel, index } = kept
      if (bucket.hasTime()) bucket.spend(() => noteRange(travel, index, from, to))
    },
    capture,
    close() {
      clearTimeout(timer)
      reader?.close()
      subscription.unsubscribe()
    },
  }
}
