/** Replay: recorded entries through fresh machines, with nothing performed. */
import type {
  AnyActorRef,
  AnyStateMachine,
  EmittedFrom,
  EventFromLogic,
  InputFrom,
  SnapshotFrom,
} from 'xstate'
import { JarcastError } from '../../errors.ts'
import { createCore } from '../core/core.ts'
import type { CoreState, Rejection } from '../core/core.ts'
import { isEntry } from '../journal.ts'
import type { Entry, JournalRecord } from '../journal.ts'
import type { Effect } from '../core/outbox.ts'
import { hashOf } from '../core/state-hash.ts'

/** What one entry did. */
export interface ReplayStep<M extends AnyStateMachine> {
  /** Undefined for the state that the replay starts with. */
  readonly entry: Entry<EventFromLogic<M>> | undefined
  /** 0 for the initial state. */
  readonly seq: number
  /** Milliseconds since the epoch, as the machine sees it. */
  readonly now: number
  /** Machines whose state changed, the root first. A machine that came or went has no `from` or `to`. */
  readonly transitions: readonly Transition[]
  readonly effects: readonly Effect[]
  /** Events that made the machine throw, and so changed nothing. */
  readonly rejections: readonly Rejection[]
  /** How many hashes were recorded after this entry. */
  readonly checks: number
  /** Those of them that are not the hash of the replayed state. */
  readonly mismatches: readonly Mismatch[]
}

export interface Transition {
  readonly actorId: string
  readonly from: string | undefined
  readonly to: string | undefined
}

export interface Mismatch {
  readonly recorded: string
  readonly replayed: string
}

export interface Replay<M extends AnyStateMachine> extends Iterable<ReplayStep<M>> {
  readonly snapshot: SnapshotFrom<M>
  state(): CoreState
  /** When the next timer is due, ms since the epoch; undefined if none is set. */
  nextDue(): number | undefined
  /** Hash of the state as it is now. */
  hash(): string
}

export interface ReplayOptions<M extends AnyStateMachine> {
  /** State after entry `seq`, to start from: entries up to it are passed over. Default: the initial state. */
  readonly from?: { readonly seq: number; readonly state: CoreState } | undefined
  /** Sees what the machine emits, and when, in order. */
  readonly onEmitted?: ((emitted: EmittedFrom<M>, now: number) => void) | undefined
}

/**
 * Replays step by step as it is iterated, once. `startedAt` is the journal's, ms since the epoch.
 * Iterating throws REPLAY_FAILED when the machine throws as it enters its initial state.
 */
export function replay<M extends AnyStateMachine>(
  machine: M,
  input: InputFrom<M>,
  startedAt: number,
  records: Iterable<JournalRecord<EventFromLogic<M>>>,
  { from, onEmitted }: ReplayOptions<M> = {},
): Replay<M> {
  const core = createCore(machine, {
    input,
    startMs: startedAt,
    state: from?.state,
    onEmitted: onEmitted && ((emitted) => onEmitted(emitted, core.now())),
    onRejected: (rejection) => rejections.push(rejection),
  })
  let rejections: Rejection[] = []

  function start(): readonly Effect[] {
    try {
      return core.start()
    } catch (cause) {
      throw replayFailed(cause)
    }
  }

  function* steps(): Generator<ReplayStep<M>> {
    const startSeq = from?.seq ?? 0
    let before: ReadonlyMap<string, string> = new Map()
    const step = (entry: Entry<EventFromLogic<M>> | undefined, effects: readonly Effect[]) => {
      const after = statesOf(core.snapshot)
      const transitions = transitionsBetween(before, after)
      before = after
      const rejected = rejections
      rejections = []
      const seq = entry?.seq ?? startSeq
      return { entry, seq, now: core.now(), transitions, effects, rejections: rejected }
    }
    // A check follows the entry that it is about: a step is given out when the next entry comes.
    let held = step(undefined, start())
    let checks = 0
    let mismatches: Mismatch[] = []
    for (const record of records) {
      if (isEntry(record)) {
        if (record.seq <= startSeq) continue
        yield { ...held, checks, mismatches }
        checks = 0
        mismatches = []
        held = step(record, core.apply(record))
      } else if (record.after === held.seq) {
        checks += 1
        const replayed = hashOf(core.serialize())
        if (replayed !== record.hash) mismatches.push({ recorded: record.hash, replayed })
      }
    }
    yield { ...held, checks, mismatches }
  }

  return {
    [Symbol.iterator]: steps,
    get snapshot() {
      return core.snapshot
    },
    state: () => core.state(),
    nextDue: () => core.nextDue(),
    hash: () => hashOf(core.serialize()),
  }
}

function replayFailed(cause: unknown): JarcastError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new JarcastError('REPLAY_FAILED', `the machine throws as it starts: ${why}`, { cause })
}

/** States of a machine and of all machines below it, by actor id. */
function statesOf(snapshot: unknown): Map<string, string> {
  const states = new Map<string, string>()
  const visit = (id: string, { value, children = {} }: MachineSnapshot): void => {
    states.set(id, typeof value === 'string' ? value : JSON.stringify(value))
    for (const [childId, child] of Object.entries(children)) {
      visit(childId, child.getSnapshot() as MachineSnapshot)
    }
  }
  const root = snapshot as MachineSnapshot
  visit(root.machine?.id ?? 'root', root)
  return states
}

interface MachineSnapshot {
  readonly value: unknown
  readonly children?: Readonly<Record<string, AnyActorRef>>
  readonly machine?: { readonly id: string }
}

function transitionsBetween(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly Transition[] {
  return [...new Set([...after.keys(), ...before.keys()])]
    .map((actorId) => ({ actorId, from: before.get(actorId), to: after.get(actorId) }))
    .filter(({ from, to }) => from !== to)
}
