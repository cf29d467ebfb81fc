/** All about one entry of a run: what was considered, what happened, what changed. */
import type { Value } from './value.ts'

export interface Step {
  readonly seq: number
  /** Ms since the epoch. */
  readonly now: number
  readonly event: Value
  readonly type: string
  readonly actor: string
  readonly source?: string
  readonly cause: {
    readonly kind: 'start' | 'event' | 'timer' | 'restart'
    /** Of a timer: the entry whose transition set it. */
    readonly setBy?: number
  }
  /** In the order in which they happened, over all actors. */
  readonly microsteps: readonly Microstep[]
  /** What the machines asked to be done. */
  readonly effects: readonly StepEffect[]
  /** What the machines emitted. */
  readonly facts: readonly { readonly type: string; readonly value: Value }[]
  /** Events between actors, and delayed ones. */
  readonly sent: readonly SentEvent[]
  /** The machine threw; nothing of the entry was kept. */
  readonly rejections: readonly { readonly type: string; readonly message: string }[]
  /** Actors that changed. */
  readonly changes: readonly ActorChange[]
  /** True if guards and actions are unknown, since only frames of the standard protocol came. */
  readonly isPartial?: boolean
}

/** One microstep of one actor. XState takes several for one event: `always`, `raise`. */
export interface Microstep {
  readonly actor: string
  readonly type: string
  /** In the order in which XState asks: innermost states first, in the order of the document. */
  readonly considered: readonly Considered[]
  /** State before and after, as one line. */
  readonly from: string
  readonly to: string
  readonly entered: readonly string[]
  readonly exited: readonly string[]
  readonly actions: readonly { readonly type: string; readonly params?: Value }[]
}

/** A transition for which an active state has a handler of the event. */
export interface Considered {
  /** Key of the transition in its chart. */
  readonly transition: string
  /** Id of the state that has it. */
  readonly state: string
  /** `mesos.update`, `*`, `always`, `after retry`. */
  readonly on: string
  readonly targets: readonly string[]
  /** `not reached`: an earlier one, or one of an inner state, was taken. */
  readonly verdict: 'taken' | 'guard false' | 'guard threw' | 'not reached'
  readonly guard?: Verdict
}

/** What a guard said, and what it read. */
export interface Verdict {
  /** Name; of `and`, `or`, `not`, that word. */
  readonly name: string
  readonly result: boolean | 'threw' | 'not asked'
  /** Members of context and event that it read, by path: `context.tasks.size`. */
  readonly reads: readonly { readonly path: string; readonly value: Value }[]
  readonly params?: Value
  readonly parts?: readonly Verdict[]
}

export interface StepEffect {
  /** `seq.index`. */
  readonly key: string
  readonly type: string
  readonly actor: string
  readonly params: Value
  /** The first later entry that answers it. Others may answer it too. */
  readonly result?: { readonly seq: number; readonly type: string; readonly isFailure: boolean }
  /** Events that may answer it, in words; none if nothing follows it. Absent: it is not known. */
  readonly expected?: readonly { readonly text: string; readonly isFailure: boolean }[]
}

export interface SentEvent {
  readonly from: string
  readonly to: string
  readonly type: string
  readonly event: Value
  readonly delayMs?: number
}

export interface ActorChange {
  readonly actor: string
  /** State as one line; undefined for an actor that began or ended. */
  readonly from?: string
  readonly to?: string
  /** Of the context; at most 200. */
  readonly changes: readonly ValueChange[]
  /** Number of all changes of the context. */
  readonly count: number
}

export interface ValueChange {
  readonly path: readonly string[]
  readonly before?: Value
  readonly after?: Value
}
