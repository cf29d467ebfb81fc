/** What is known of every entry, in columns: a few bytes each. */
import type { Entry } from '../../../journal/journal.ts'
import { createColumn, createWords } from './columns.ts'

/** What a replay tells of an entry. */
export interface EntryOutcome {
  /** Of a timer: the type of its event. */
  readonly timer?: string | undefined
  readonly isRejected: boolean
  /** Types of effects and facts. */
  readonly effects: readonly string[]
  /** Ids of the actors in another state. */
  readonly changed: readonly string[]
}

export interface RunIndex {
  /** `seq` of the first entry that is kept. */
  readonly firstSeq: number
  readonly lastSeq: number
  add(entry: Entry, isFailure: boolean): void
  /** Marks what is known of an entry without a replay. */
  mark(seq: number, effects: readonly string[], isRejected: boolean): void
  /** Notes the outcome of an entry. */
  note(seq: number, outcome: EntryOutcome): void
  nowOf(seq: number): number
  is(seq: number, flag: Flag): boolean
  /** Undefined until it is noted. */
  outcomeOf(seq: number): EntryOutcome | undefined
  /** Types of effects and facts, as far as they are known. */
  effectsOf(seq: number): readonly string[]
  forgetBefore(seq: number): void
}

const flags = { failure: 1, rejected: 2, timer: 4, restart: 8, change: 16, noted: 32 } as const
export type Flag = keyof typeof flags

export function createRunIndex(from: number): RunIndex {
  const times = createColumn(from + 1, Float64Array)
  const bits = createColumn(from + 1, Uint8Array)
  const timers = createColumn(from + 1, Uint32Array)
  const effects = createColumn(from + 1, Uint32Array)
  const changes = createColumn(from + 1, Uint32Array)
  const columns = [times, bits, timers, effects, changes]
  const words = createWords()

  function is(seq: number, flag: Flag): boolean {
    return (bits.get(seq) & flags[flag]) !== 0
  }

  return {
    get firstSeq() {
      return times.first
    },
    get lastSeq() {
      return times.next - 1
    },
    add({ now, event, restart }, isFailure) {
      times.push(now)
      bits.push(
        (isFailure ? flags.failure : 0) |
          (event === undefined ? flags.timer : 0) |
          (restart === true ? flags.restart : 0),
      )
      for (const column of [timers, effects, changes]) column.push(0)
    },
    mark(seq, types, isRejected) {
      effects.set(seq, words.idOf(types))
      if (isRejected) bits.set(seq, bits.get(seq) | flags.rejected)
    },
    note(seq, outcome) {
      timers.set(seq, words.idOf(outcome.timer === undefined ? [] : [outcome.timer]))
      effects.set(seq, words.idOf(outcome.effects))
      changes.set(seq, words.idOf(outcome.changed))
      const change = outcome.changed.length > 0 ? flags.change : 0
      const rejected = outcome.isRejected ? flags.rejected : 0
      bits.set(seq, bits.get(seq) | change | rejected | flags.noted)
    },
    nowOf: (seq) => times.get(seq),
    is,
    outcomeOf(seq) {
      if (!is(seq, 'noted')) return undefined
      return {
        timer: words.at(timers.get(seq))[0],
        isRejected: is(seq, 'rejected'),
        effects: words.at(effects.get(seq)),
        changed: words.at(changes.get(seq)),
      }
    },
    effectsOf: (seq) => words.at(effects.get(seq)),
    forgetBefore(seq) {
      for (const column of columns) column.forgetBefore(seq)
    },
  }
}
