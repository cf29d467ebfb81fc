/**
 * What the page asks and what it gets. One question is one JSON text message on the WebSocket at
 * `/inspector/socket`; the same questions are answered inside a saved page, without a server.
 */
import type { Chart } from './chart.ts'
import type { ClusterAt, LibrariesAt, StageAt, TaskSpans } from './lens-views.ts'
import type { Step } from './step.ts'
import type { Value } from './value.ts'

/** Version of questions, answers and pushes. Page and server are one package: another one is refused. */
export const pageProtocolVersion = 1

/** An actor system that is or was watched: a framework, a journal, or any XState program. */
export interface AppInfo {
  readonly id: string
  readonly name: string
  /** `live`: a run in this process; `journal`: a file; `frames`: a program that sends frames. */
  readonly origin: 'live' | 'journal' | 'frames'
  /** Ms since the epoch. */
  readonly startedAt: number
  /** The first moment that can be shown: 0, unless earlier ones were compacted or dropped. */
  readonly firstSeq: number
  /** The last entry so far. */
  readonly lastSeq: number
  /** Time of the last entry, ms since the epoch. */
  readonly now: number
  /** False while more entries may come. */
  readonly isOver: boolean
  readonly features: readonly Feature[]
  /** What the reader should know: other version of the machine, dropped frames, torn last line. */
  readonly notes: readonly string[]
  /** Frames that did not come: the program was faster than their reader. */
  readonly lost?: number
  /** Entries that were read so far, while a long journal is being read. */
  readonly readSeq?: number
  /** Part of the replay to the moment that was asked for last, 0 to 1, while it is not there. */
  readonly replayedPart?: number
  /** Entries whose outcome is known so far, while a journal is replayed after it was read. */
  readonly replayedSeq?: number
}

/** What an app can answer beyond rows, moments and charts. */
export type Feature =
  | 'why'
  | 'branch'
  | 'control'
  | 'cluster'
  | 'libraries'
  | 'sandbox'
  /** Can be saved as lines: a journal, or frames. */
  | 'export'
  /** Can be saved as a page that needs no server. */
  | 'exportPage'

/** One line of the event log. */
export interface Row {
  readonly seq: number
  /** Ms since the epoch. */
  readonly now: number
  /** Type of the event; of a timer, the type of its event; `start` for the first moment. */
  readonly type: string
  /** Actor that got the event. */
  readonly actor: string
  /** Actor that sent it; none if it came from outside. */
  readonly source?: string
  /** What a person wants to know of it, in a few words: `task 7 TASK_FAILED`. */
  readonly label: string
  readonly isFailure?: boolean
  /** The machine threw; nothing changed. */
  readonly isRejected?: boolean
  readonly isTimer?: boolean
  /** The first entry after a recovery. */
  readonly isRestart?: boolean
  /** Effects and facts that followed, by type. */
  readonly effects?: readonly string[]
  /** Ids of the actors whose state changed. */
  readonly changed?: readonly string[]
}

export interface Filter {
  /** Found in type, label, actor or payload. */
  readonly text?: string
  /** `text` is a regular expression, in RE2's syntax: it takes linear time. */
  readonly isRegex?: boolean
  readonly actor?: string
  readonly type?: string
  readonly failedOnly?: boolean
}

/** A moment: the state after entry `seq`. */
export interface Moment {
  readonly seq: number
  readonly now: number
  /** Parents before their children. */
  readonly actors: readonly ActorAt[]
  readonly timers: readonly TimerAt[]
  /** Where the run has got to; none for machines that no lens knows. */
  readonly stages?: readonly StageAt[]
}

export interface ActorAt {
  readonly id: string
  readonly name: string
  readonly parent?: string
  /** Id of its chart; none for an actor that is no machine. */
  readonly chart?: string
  /** State as one line: `active.running`, `{a: x, b: y}`. */
  readonly state: string
  /** Ids of all active states of its chart, ancestors included. */
  readonly states: readonly string[]
  readonly status: 'active' | 'done' | 'error' | 'stopped'
  readonly tags: readonly string[]
}

export interface TimerAt {
  readonly actor: string
  readonly type: string
  /** Ms since the epoch. */
  readonly due: number
  /** Entry that set it, if known. */
  readonly setBy?: number
}

export interface Lane {
  readonly id: string
  readonly label: string
  readonly kind: 'outside' | 'machine' | 'actor'
}

export interface Arrow {
  readonly seq: number
  readonly now: number
  /** Lanes. Equal for a timer or a raised event. */
  readonly from: string
  readonly to: string
  readonly type: string
  readonly label: string
  readonly kind: 'event' | 'sent' | 'timer' | 'effect' | 'fact'
  /** Index in `sent`, `effects` or `facts` of its entry's `Step`; none: the entry's event. */
  readonly part?: number
  /** Equal ones in a row that this stands for. Default 1. */
  readonly count?: number
  /** Of a timer that was set. One without fired. */
  readonly delayMs?: number
  readonly isFailure?: boolean
  /** The machine threw; nothing of it was kept. */
  readonly isRejected?: boolean
}

/** A part of the run for the scrubber. */
export interface Bucket {
  readonly fromSeq: number
  readonly fromNow: number
  readonly count: number
  readonly failed: number
  readonly rejected: number
}

export type Landmark = 'failure' | 'rejection' | 'restart' | 'change'

/** A request that the run takes like any call of its user. Needs the feature `control`. */
export type ControlCommand =
  | { readonly kind: 'kill'; readonly taskId: string }
  | { readonly kind: 'revive' }
  | { readonly kind: 'addLibrary'; readonly coordinate: string }

/** Each question, its parameters, and its answer. Bounds are in the parameters' comments. */
export interface Questions {
  /** Rows `from` to `from + count - 1` (at most 500). */
  rows: { params: { from: number; count: number }; answer: readonly Row[] }
  /** Rows of these entries (at most 500), for a filtered log. */
  rowsOf: { params: { seqs: readonly number[] }; answer: readonly Row[] }
  /** Entries that match (at most 200,000). */
  find: { params: { filter: Filter }; answer: { seqs: readonly number[]; isCut: boolean } }
  /** The whole run in at most `count` (1,000) parts of equal length. */
  buckets: { params: { count: number; by: 'seq' | 'time' }; answer: readonly Bucket[] }
  moment: { params: { seq: number }; answer: Moment }
  /** A part of an actor's context (or output, error), two levels deep, from its `skip`th member on. */
  context: {
    params: { seq: number; actor: string; path: readonly string[]; skip?: number }
    answer: Value
  }
  /** All about one entry: why, effects, differences. */
  step: { params: { seq: number }; answer: Step }
  /** Lanes and arrows of these entries (at most 500). */
  lanes: {
    params: { from: number; to: number }
    answer: { lanes: readonly Lane[]; arrows: readonly Arrow[] }
  }
  /** A machine drawn with these states closed. */
  chart: { params: { chart: string; collapsed?: readonly string[] }; answer: Chart }
  /** The next entry of a kind, before or after `seq`. */
  next: {
    params: { seq: number; direction: 1 | -1; kind: Landmark }
    answer: { seq: number | null }
  }
  /** The last entry at or before a time, ms since the epoch. */
  at: { params: { now: number }; answer: { seq: number } }
  /** Sends an event to a copy of the run after `seq`. Nothing is performed, nothing is kept. */
  branch: {
    params: { seq: number; event: { type: string; [key: string]: unknown } }
    answer: { step: Step; moment: Moment }
  }
  cluster: { params: { seq: number }; answer: ClusterAt }
  /** States of tasks over time (at most 2,000 tasks, from the `offset`th). */
  tasks: { params: { offset: number; count: number }; answer: TaskSpans }
  libraries: { params: { seq: number }; answer: LibrariesAt }
  /** At most 64 KiB of a file of a task's sandbox, from a byte. A negative offset counts from its end. */
  sandbox: {
    params: { taskId: string; file: 'stdout' | 'stderr'; offset: number }
    /** `next`: offset after the text, in bytes. */
    answer: { offset: number; text: string; next: number; size: number; isOver: boolean }
  }
  control: { params: { command: ControlCommand }; answer: Record<string, never> }
}

export type QuestionName = keyof Questions

/** What an app does: an answer per question, or an error with a code. */
export type App = {
  readonly [Name in QuestionName]: (
    params: Questions[Name]['params'],
  ) => Questions[Name]['answer'] | Promise<Questions[Name]['answer']>
} & {
  readonly info: () => AppInfo
  /** Calls `listener` after `info()` changed; returns how to end that. */
  readonly onChange: (listener: () => void) => () => void
}

/** From the page. */
export interface QuestionMessage<Name extends QuestionName = QuestionName> {
  readonly id: number
  readonly app: string
  readonly ask: Name
  readonly params: Questions[Name]['params']
}

/** To the page: an answer, an error, or news. */
export type PageMessage =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: { readonly code: string; readonly message: string } }
  | { readonly push: 'hello'; readonly version: number; readonly apps: readonly AppInfo[] }
  /** Apps that are new or have changed; at most ten times a second. */
  | { readonly push: 'apps'; readonly apps: readonly AppInfo[] }
  | { readonly push: 'gone'; readonly app: string }
