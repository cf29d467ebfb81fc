/** Replay: recorded entries applied to a fresh machine, with nothing performed. */
import type { AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate'
import { JarcastError } from '../../errors.ts'
import { createCore } from '../core/core.ts'
import type { Core, CoreOptions } from '../core/core.ts'
import type { CoreState } from '../core/core-state.ts'
import type { Outcome } from '../core/outcome.ts'
import { hashOf } from '../core/state-hash.ts'
import type { Transition } from '../core/transition.ts'
import { isEntry } from '../journal.ts'
import type { Entry, JournalRecord, StateCheck } from '../journal.ts'
import { changesBetween, statesOf } from './state-changes.ts'
import type { StateChange } from './state-changes.ts'

/** A transition, compared with the state recorded after it. */
export interface ReplayStep<M extends AnyStateMachine> extends Transition<M> {
  /** Machines whose state changed, the root first. */
  readonly changes: readonly StateChange[]
  /** Number of hashes recorded after this entry. */
  readonly checks: number
  /** Those that are not the hash of the replayed state. */
  readonly mismatches: readonly Mismatch[]
}

export interface Mismatch {
  readonly recorded: string
  readonly replayed: string
}

export interface Replay<M extends AnyStateMachine> extends Iterable<ReplayStep<M>> {
  readonly snapshot: SnapshotFrom<M>
  state(): CoreState
  /** Time of the next timer, ms since the epoch; undefined while none is set. */
  nextDue(): number | undefined
  /** Hash of the present state. */
  hash(): string
}

export interface ReplayOptions<M extends AnyStateMachine> {
  /** State after entry `seq`, to start from. Default: the initial state, before entry 1. */
  readonly from?: { readonly seq: number; readonly state: CoreState } | undefined
  /** Standard XState inspection, for every actor. */
  readonly inspect?: CoreOptions<M>['inspect']
}

/**
 * Replays one step each time the next one is asked for, once. `startedAt` is the journal's, ms
 * since the epoch. Iterating throws REPLAY_FAILED when the machine throws in its initial state.
 */
export function replay<M extends AnyStateMachine>(
  machine: M,
  input: InputFrom<M>,
  startedAt: number,
  records: Iterable<JournalRecord<EventFromLogic<M>>>,
  { from, inspect }: ReplayOptions<M> = {},
): Replay<M> {
  const core = createCore(machine, { input, startMs: startedAt, state: from?.state, inspect })
  return {
    [Symbol.iterator]: () => stepsOf(core, records, from?.seq ?? 0),
    get snapshot() {
      return core.snapshot
    },
    state: () => core.state(),
    nextDue: () => core.nextDue(),
    hash: () => hashOf(core.serialize()),
  }
}

function* stepsOf<M extends AnyStateMachine>(
  core: Core<M>,
  records: Iterable<JournalRecord<EventFromLogic<M>>>,
  startSeq: number,
): Generator<ReplayStep<M>> {
  let states: ReadonlyMap<string, string> = new Map()
  const toStep = (entry: Entry<EventFromLogic<M>> | undefined, outcome: Outcome<M>) => {
    const before = states
    states = statesOf(core.snapshot)
    const seq = entry?.seq ?? startSeq
    const changes = changesBetween(before, states)
    return { entry, seq, now: core.now(), snapshot: core.snapshot, ...outcome, changes }
  }
  // A check follows the entry that it is about: a step is complete when the next entry comes.
  let step = toStep(undefined, start(core))
  let checks: StateCheck[] = []
  for (const record of records) {
    if (!isEntry(record)) {
      if (record.after === step.seq) checks.push(record)
    } else if (record.seq > startSeq) {
      yield { ...step, ...compared(core, checks) }
      checks = []
      step = toStep(record, core.apply(record))
    }
  }
  yield { ...step, ...compared(core, checks) }
}

function start<M extends AnyStateMachine>(core: Core<M>): Outcome<M> {
  try {
    return core.start()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new JarcastError('REPLAY_FAILED', `the machine throws as it starts: ${why}`, { cause })
  }
}

function compared(
  core: Pick<Core<AnyStateMachine>, 'serialize'>,
  checks: readonly StateCheck[],
): Pick<ReplayStep<AnyStateMachine>, 'checks' | 'mismatches'> {
  if (checks.length === 0) return { checks: 0, mismatches: [] }
  const replayed = hashOf(core.serialize())
  const mismatches = checks
    .filter(({ hash }) => hash !== replayed)
    .map(({ hash }) => ({ recorded: hash, replayed }))
  return { checks: checks.length, mismatches }
}
