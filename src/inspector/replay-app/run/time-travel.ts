/**
 * The state after any entry: applied from the nearest checkpoint before it. Checkpoints share
 * what did not change between them, so they cost little even if the state is large.
 */
import type { AnyStateMachine, EventFromLogic, InputFrom } from 'xstate'
import { createCore } from '../../../journal/core/core.ts'
import type { Core, CoreOptions } from '../../../journal/core/core.ts'
import type { CoreMoment, RunMoment } from '../../../journal/core/moment.ts'
import { prepareMachine } from '../../../journal/core/prepare.ts'
import type { PreparedMachine } from '../../../journal/core/prepare.ts'
import type { Entry } from '../../../journal/journal.ts'
import type { SavedState } from '../../../journal/replay/saved-states.ts'
import type { LensStep } from '../../protocol/lens.ts'
import { quietly } from '../../value/hostile.ts'
import { momentUnknown } from '../../answer-errors.ts'
import { createOutcomeWatch } from './entry-outcome.ts'
import { createPauses } from './pauses.ts'
import type { EntryOutcome } from './run-index.ts'

export interface RunStart<M extends AnyStateMachine> {
  readonly machine: M
  readonly input: InputFrom<M>
  /** Ms since the epoch. */
  readonly startedAt: number
  /** The state that the run's entries follow. Default: the initial one. */
  readonly from?: SavedState | undefined
  /** Finds the newest saved state after an entry at most. Default: there are none. */
  readonly savedStateAt?: ((seq: number) => SavedState | undefined) | undefined
}

/** A machine at an entry, which can be moved to later ones. */
export interface Cursor<M extends AnyStateMachine> {
  seq: number
  readonly core: Core<M>
}

export interface TimeTravel<M extends AnyStateMachine> {
  /** The state after an entry that is kept, or before the first of them. */
  at(seq: number): CoreMoment
  /** A machine of its own, in the state after an entry. */
  copyAt(seq: number, inspect?: CoreOptions<M>['inspect']): Core<M>
  /** Applies the entries up to `to`, and reports their outcomes, until `isLate` returns true. */
  walk(cursor: Cursor<M>, to: number, note?: NoteOutcome, isLate?: () => boolean): void
  /** A cursor at the last checkpoint at or before an entry. */
  cursorAt(seq: number): Cursor<M>
  /** Keeps the state of a cursor, or of the run itself, to start from later. */
  keep(checkpoint: RunMoment): void
  /** Keeps the state of a cursor, unless one of few entries before is kept. */
  keepNear(cursor: Cursor<M>): void
  /**
   * Moves near an entry, with pauses: the state after it is there soon. `onPart` gets the part of
   * the way that is done, 0 to 1.
   */
  approach(seq: number, onPart?: (part: number) => void): Promise<void>
  /**
   * Looks for a checkpoint or a saved state from which an entry is nearer by half than from
   * `reached`; returns whether there is one. A way to the entry begins with it.
   */
  useSavedState(seq: number, reached: number): boolean
  /** The first checkpoint at or after an entry. */
  firstAfter(seq: number): RunMoment | undefined
  /** Forgets what is before a checkpoint. */
  forgetBefore(seq: number): void
  readonly latest: RunMoment | undefined
}

/** Called after each entry: `step` makes what a lens is told of it. */
export type NoteOutcome = (seq: number, outcome: EntryOutcome, step: () => LensStep) => void

const maxCheckpoints = 400
/** Between checkpoints that are made on the way to a moment. */
const entriesApart = 1000
/** Entries for which a saved state is not read. */
const farAway = 2000
/** Entries that are applied without a pause. */
const entriesAtOnce = 200

export function createTimeTravel<M extends AnyStateMachine>(
  { machine, input, startedAt, from, savedStateAt }: RunStart<M>,
  entryAt: (seq: number) => Entry | undefined,
): TimeTravel<M> {
  let checkpoints: RunMoment[] = []
  let plain: PreparedMachine<M> | undefined
  let inspected: PreparedMachine<M> | undefined
  let cursor: Cursor<M> | undefined
  let shown: RunMoment | undefined

  type Beginning = Pick<CoreOptions<M>, 'moment' | 'state' | 'timersBefore' | 'inspect'>

  function create(options: Beginning): Core<M> {
    const prepared =
      options.inspect === undefined
        ? (plain ??= prepareMachine(machine, false))
        : (inspected ??= prepareMachine(machine, true))
    const core = createCore(machine, { input, startMs: startedAt, prepared, ...options })
    core.start()
    return core
  }

  function indexBefore(seq: number): number {
    return checkpoints.findLastIndex((checkpoint) => checkpoint.seq <= seq)
  }

  /** Where the way to an entry would begin. */
  function nearest(seq: number): number {
    const start = checkpoints[indexBefore(seq)]?.seq ?? from?.seq ?? 0
    return cursor !== undefined && cursor.seq <= seq ? Math.max(start, cursor.seq) : start
  }

  function cursorAt(seq: number): Cursor<M> {
    const checkpoint = checkpoints[indexBefore(seq)]
    if (checkpoint !== undefined)
      return { seq: checkpoint.seq, core: create({ moment: checkpoint.moment }) }
    return { seq: from?.seq ?? 0, core: create({ state: from?.state }) }
  }

  function walk(moved: Cursor<M>, to: number, note?: NoteOutcome, isLate = () => false): void {
    const { core } = moved
    const watch = note && createOutcomeWatch(core)
    while (moved.seq < to && !isLate()) {
      const entry = entryAt(moved.seq + 1)
      if (entry === undefined) return
      watch?.before(entry)
      const outcome = core.apply(entry as Entry<EventFromLogic<M>>)
      moved.seq += 1
      if (watch === undefined) continue
      note?.(moved.seq, watch.after(outcome), () => {
        const { seq, event } = entry
        return { ...outcome, seq, now: core.now(), event, snapshot: core.snapshot as unknown }
      })
    }
  }

  function at(seq: number): CoreMoment {
    if (shown?.seq === seq) return shown.moment
    const start = checkpoints[indexBefore(seq)]
    if (start?.seq === seq) return start.moment
    if (cursor === undefined || cursor.seq > seq || cursor.seq < (start?.seq ?? 0))
      cursor = cursorAt(seq)
    walk(cursor, seq)
    if (cursor.seq !== seq) throw momentUnknown(seq)
    shown = { seq, moment: cursor.core.moment() }
    return shown.moment
  }

  function keep(checkpoint: RunMoment): void {
    checkpoints.splice(indexBefore(checkpoint.seq) + 1, 0, checkpoint)
    if (checkpoints.length > maxCheckpoints) checkpoints = thinned(checkpoints)
  }

  function keepNear({ seq, core }: Cursor<M>): void {
    const before = checkpoints[indexBefore(seq)]?.seq ?? from?.seq ?? 0
    if (seq - before >= entriesApart) keep({ seq, moment: core.moment() })
  }

  function useSavedState(seq: number, reached: number): boolean {
    const wanted = reached + (seq - reached) / 2
    if ((checkpoints[indexBefore(seq)]?.seq ?? 0) > wanted) return true
    // A state that cannot be read only saves time.
    const found = quietly(() => savedStateAt?.(seq))
    if (found === undefined || found.seq <= wanted) return false
    const { state, timersBefore = [] } = found
    const core = quietly(() => create({ state, timersBefore }))
    if (core !== undefined) keep({ seq: found.seq, moment: core.moment() })
    return core !== undefined
  }

  return {
    at,
    copyAt: (seq, inspect) => create({ moment: at(seq), inspect }),
    walk,
    cursorAt,
    keep,
    keepNear,
    useSavedState,
    async approach(seq, onPart) {
      const pause = createPauses()
      if (seq - nearest(seq) > farAway) useSavedState(seq, nearest(seq))
      const near = nearest(seq)
      if (seq - near <= entriesAtOnce) return
      const moved = cursor !== undefined && cursor.seq === near ? cursor : cursorAt(seq)
      while (moved.seq < seq && entryAt(moved.seq + 1) !== undefined) {
        walk(moved, Math.min(seq, moved.seq + entriesAtOnce))
        keepNear(moved)
        const paused = pause()
        if (paused !== undefined) onPart?.((moved.seq - near) / (seq - near))
        await paused
      }
      cursor = moved
    },
    firstAfter: (seq) => checkpoints.find((checkpoint) => checkpoint.seq >= seq),
    forgetBefore(seq) {
      checkpoints = checkpoints.filter((checkpoint) => checkpoint.seq >= seq)
      if (cursor !== undefined && cursor.seq < seq) cursor = undefined
    },
    get latest() {
      return checkpoints.at(-1)
    },
  }
}

/** Half of them, at equal distances: a live run has many where it was watched. */
function thinned(checkpoints: readonly RunMoment[]): RunMoment[] {
  const first = checkpoints[0]?.seq ?? 0
  const last = checkpoints.at(-1)?.seq ?? 0
  const distance = (last - first) / (maxCheckpoints / 2)
  let next = first
  return checkpoints.filter(({ seq }) => {
    if (seq < next && seq !== last) return false
    next = seq + distance
    return true
  })
}
