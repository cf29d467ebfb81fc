/**
 * A live run of this process. Its entries and their outcomes are recorded as they happen; nothing
 * is replayed until a question is about an earlier moment.
 */
import type { AnyStateMachine } from 'xstate'
import type { RunMoment } from '../../../journal/core/moment.ts'
import type { Transition } from '../../../journal/core/transition.ts'
import type { Entry } from '../../../journal/journal.ts'
import { messageOf } from '../../../errors.ts'
import { momentUnknown } from '../../answer-errors.ts'
import { createTimeBucket } from '../../time-bucket.ts'
import { dropOldest } from './drop-oldest.ts'
import { createEntryStore } from './entry-store.ts'
import { createPauses } from './pauses.ts'
import { createRunIndex } from './run-index.ts'
import { noteRange } from './note-range.ts'
import type { Run, RunHandlers } from './run.ts'
import { createTimeTravel } from './time-travel.ts'
import type { RunStart } from './time-travel.ts'

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
}

/** Outcomes of entries: types of effects and facts, and whether an event was rejected. */
interface Outcomes {
  readonly effects: readonly string[]
  readonly isRejected: boolean
}

const checkpointEvery = 1000
/** Of all entries, as JSON, about. Older ones are dropped. */
const maxChars = 64 * 1024 * 1024
const onChangeMs = 100
/** Of the run's time, for the outcomes that rows show. */
const share = 0.03
const burstMs = 60
const nothing: Outcomes = { effects: [], isRejected: false }

interface Typed {
  readonly type: string
}

/** Outcomes of one effect and nothing else, by its type: most are, and the run allocates none. */
const ofOneEffect = new Map<string, Outcomes>()
const maxTypes = 1000

function outcomeOf(
  effects: readonly Typed[],
  facts: readonly Typed[],
  isRejected: boolean,
): Outcomes {
  const [only] = effects
  const isPlain = only !== undefined && effects.length === 1 && facts.length === 0 && !isRejected
  const known = isPlain ? ofOneEffect.get(only.type) : undefined
  if (known !== undefined) return known
  const outcome = { effects: [...effects, ...facts].map(({ type }) => type), isRejected }
  if (isPlain && ofOneEffect.size < maxTypes) ofOneEffect.set(only.type, outcome)
  return outcome
}

/** Watches a run from now on, or from its start if it has not begun. */
export function openLiveRun<M extends AnyStateMachine>(
  start: RunStart<M>,
  source: LiveSource<M>,
  { isFailure, onChange, onStep }: RunHandlers,
): Run<M> {
  let began = source.moment()
  let kept = begin(began?.seq ?? 0)
  let lastNow = began?.moment.now ?? start.startedAt
  let isOver = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const bucket = createTimeBucket(share, burstMs)
  const problems: string[] = []
  if (began !== undefined) kept.travel.keep(began)

  function begin(seq: number) {
    const store = createEntryStore(seq, 'live')
    const index = createRunIndex(seq)
    const travel = createTimeTravel(start, (of) => store.get(of))
    /** Of entries that are not indexed yet. */
    const outcomes = new Map<number, Outcomes>()
    return { store, index, travel, outcomes, replayedSeq: seq }
  }

  const subscription = source.transition$.subscribe({
    next: take,
    error(error) {
      problems.push(messageOf(error))
      end()
    },
    complete: end,
  })

  function take({ entry, seq, now, effects, facts, rejections }: Transition<M>): void {
    lastNow = now
    if (began === undefined || entry === undefined) {
      began = source.moment()
      kept = begin(seq)
      capture()
      return
    }
    const { store, outcomes } = kept
    store.add(entry)
    if (effects.length > 0 || facts.length > 0 || rejections.length > 0) {
      outcomes.set(seq, outcomeOf(effects, facts, rejections.length > 0))
    }
    if (seq % checkpointEvery === 0) {
      capture()
      drop()
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

  function drop(): void {
    const { store, index, travel, outcomes } = kept
    const first = store.firstSeq
    dropOldest(store, index, travel, maxChars)
    // No question was about the dropped entries.
    if (index.lastSeq < store.firstSeq - 1) kept.index = createRunIndex(store.firstSeq - 1)
    for (let seq = first; seq < store.firstSeq; seq++) outcomes.delete(seq)
    kept.replayedSeq = Math.max(kept.replayedSeq, store.firstSeq - 1)
  }

  /** Indexes the entries that came since the last question. */
  function catchUp(): void {
    const { store, index, outcomes } = kept
    for (let seq = index.lastSeq + 1; seq <= store.lastSeq; seq++) {
      const entry = store.get(seq) as Entry
      const { effects, isRejected } = outcomes.get(seq) ?? nothing
      index.add(entry, isFailure(entry))
      index.mark(seq, effects, isRejected)
      outcomes.delete(seq)
    }
  }

  function assertKnown(seq: number): void {
    const { store } = kept
    if (seq < store.firstSeq - 1 || seq > store.lastSeq) throw momentUnknown(seq)
  }

  return {
    get firstSeq() {
      return kept.store.firstSeq - 1
    },
    get lastSeq() {
      return kept.store.lastSeq
    },
    get readSeq() {
      return kept.store.lastSeq
    },
    get replayedSeq() {
      return kept.replayedSeq
    },
    get now() {
      return lastNow
    },
    get isOver() {
      return isOver
    },
    problems,
    get index() {
      catchUp()
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
      assertKnown(seq)
      await kept.travel.approach(seq)
      assertKnown(seq)
    },
    readTo: () => Promise.resolve(),
    async replayTo(seq) {
      catchUp()
      const { index, travel, store } = kept
      const pause = createPauses()
      const cursor = travel.cursorAt(kept.replayedSeq)
      const to = Math.min(seq, store.lastSeq)
      while (cursor.seq < to && store.get(cursor.seq + 1) !== undefined) {
        const until = Math.min(to, cursor.seq + 100)
        travel.walk(cursor, until, (of, outcome, step) => {
          if (of <= kept.replayedSeq) return
          index.note(of, outcome)
          kept.replayedSeq = of
          onStep?.(step())
        })
        await pause()
      }
    },
    noteSoon(from, to) {
      catchUp()
      if (bucket.hasTime()) bucket.spend(() => noteRange(kept.travel, kept.index, from, to))
    },
    capture,
    close() {
      clearTimeout(timer)
      subscription.unsubscribe()
    },
  }
}
