/**
 * The states that a saved page holds: at equal distances, and one before its last entry, which is
 * shown first. As lines: `seq`, a space, and JSON.
 */
import type { AnyStateMachine, EventFromLogic, InputFrom } from 'xstate'
import { createCore } from '../../journal/core/core.ts'
import type { Core } from '../../journal/core/core.ts'
import type { CoreState } from '../../journal/core/core-state.ts'
import type { Entry } from '../../journal/journal.ts'
import { inDueOrder } from '../../journal/core/timers.ts'
import type { SavedState } from '../../journal/replay/saved-states.ts'
import { sizeOf } from '../replay-app/run/size-of.ts'
import { linesOf } from './lines.ts'

export interface StateSaverOptions<M extends AnyStateMachine> {
  readonly machine: M
  readonly input: InputFrom<M>
  /** Ms since the epoch. */
  readonly startedAt: number
  readonly from?: { readonly seq: number; readonly state: CoreState } | undefined
  readonly lastSeq: number
  /** Entries between states. Default: a 32nd of all, 500 or more. */
  readonly apart?: number
}

export interface StateSaver {
  /** Replays the entries while they are read, and passes them on. */
  watch(entries: Iterable<Entry>): Iterable<Entry>
  /** The states, once all entries were read. */
  lines(): Iterable<string>
}

const maxStates = 32
/** So few entries are replayed at once. */
const minApart = 500
/** Characters of all states: half as many as of the entries, within these bounds. */
const shareOfEntries = 0.5
const bounds = { min: 4 * 1024 * 1024, max: 64 * 1024 * 1024 }

interface SavedText {
  readonly seq: number
  readonly text: string
}

/** Creates a saver. A run that cannot be replayed to its end has the states before. */
export function createStateSaver<M extends AnyStateMachine>(
  options: StateSaverOptions<M>,
): StateSaver {
  const { machine, input, startedAt, from, lastSeq } = options
  const first = from?.seq ?? 0
  let apart = options.apart ?? Math.max(minApart, Math.ceil((lastSeq - first) / maxStates))
  let next = first + apart
  let states: readonly SavedText[] = []
  let entryChars = 0

  function open(): Core<M> | undefined {
    try {
      const core = createCore(machine, { input, startMs: startedAt, state: from?.state })
      core.start()
      return core
    } catch {
      return undefined
    }
  }

  /** Applies an entry; false if that cannot be done. */
  function take(core: Core<M>, entry: Entry): boolean {
    try {
      core.apply(entry as Entry<EventFromLogic<M>>)
      entryChars += sizeOf(entry)
      if (entry.seq >= next || entry.seq === lastSeq - 1) save(entry.seq, core)
      return true
    } catch {
      return false
    }
  }

  function save(seq: number, core: Core<M>): void {
    states = [...states, { seq, text: `${seq} ${JSON.stringify(stateWithTimers(core))}\n` }]
    thin(bounds.max)
    next = seq + apart
  }

  /** Drops every second one, but not the last, until the others are small enough. */
  function thin(maxChars: number): void {
    while (states.reduce((chars, { text }) => chars + text.length, 0) > maxChars) {
      const last = states.length - 1
      states = last === 0 ? [] : states.filter((_, index) => (last - index) % 2 === 0)
      apart *= 2
    }
  }

  return {
    *watch(entries) {
      let core = open()
      for (const entry of entries) {
        if (core !== undefined && !take(core, entry)) core = undefined
        yield entry
      }
    },
    *lines() {
      thin(Math.min(bounds.max, Math.max(bounds.min, entryChars * shareOfEntries)))
      for (const { text } of states) yield text
    },
  }
}

interface StateWithTimers {
  readonly state: CoreState
  /** Of each timer of `state`, the entry that set it; null if that is not known. */
  readonly setBy: readonly (number | null)[]
}

function stateWithTimers<M extends AnyStateMachine>(core: Core<M>): StateWithTimers {
  const { timers } = core.moment()
  return { state: core.state(), setBy: inDueOrder(timers).map(({ setBy }) => setBy ?? null) }
}

/** Finds the newest state after an entry at most, in lines that are cut anywhere. */
export function readStates(texts: Iterable<string>): (seq: number) => SavedState | undefined {
  const lines = Array.from(linesOf(texts), (line) => {
    const at = line.indexOf(' ')
    return { seq: Number(line.slice(0, at)), text: line.slice(at + 1) }
  })
  return (wanted) => {
    const found = lines.findLast(({ seq }) => seq <= wanted)
    if (found === undefined) return undefined
    const { state, setBy } = JSON.parse(found.text) as StateWithTimers
    const timersBefore = state.timers.map(({ due }, index) => {
      return { due, setBy: setBy[index] ?? undefined }
    })
    return { seq: found.seq, state, timersBefore }
  }
}
