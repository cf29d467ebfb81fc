/** Scenarios: given a journal, when events are dispatched, then this state and these effects. */
import assert from 'node:assert/strict'
import type { AnyActorRef, AnyStateMachine, EventFromLogic, SnapshotFrom, StateValue } from 'xstate'
import { isEntry } from '../journal/journal.ts'
import type { Entry } from '../journal/journal.ts'
import type { Effect } from '../journal/core/outbox.ts'
import { replay } from '../journal/replay/replay.ts'
import { schedulerMachine } from '../machines/scheduler/scheduler.ts'
import { openSource } from './journal-source.ts'
import type { JournalSource, OpenedSource } from './journal-source.ts'

/**
 * The name of a state of the machine, such as `stopping`; its value, such as
 * `{ stopping: 'leaving' }`; names of states of its child machines by their ids, such as
 * `{ offers: 'holding' }`; or a function with assertions. A name also stands for the states below.
 */
export type ExpectedState<M extends AnyStateMachine> =
  StateValue | ((snapshot: SnapshotFrom<M>) => unknown)

/** A name, or a name and the params that must be equal; further params are ignored. */
export type ExpectedEffect =
  `fx.${string}` | { readonly type: `fx.${string}`; readonly params?: unknown }

export interface Scenario<M extends AnyStateMachine> {
  /** Dispatches the events, one after another. */
  when(...events: readonly EventFromLogic<M>[]): Scenario<M>
  /** Lets this many ms pass: each timer fires at its own time. */
  after(ms: number): Scenario<M>
  /**
   * Throws AssertionError, with the differences, unless the machine is in this state and has
   * requested exactly these effects, in this order, since the last `then`; without a `when` since
   * then, with its last entry. Without `effects`, only the state is compared.
   */
  then(state: ExpectedState<M>, effects?: readonly ExpectedEffect[]): Scenario<M>
}

/** Limit on timers that fire: a machine that settles has fewer. */
const wakesAtOnce = 10_000

interface Input<M extends AnyStateMachine> {
  readonly afterMs: number
  readonly event?: EventFromLogic<M>
}

/**
 * Starts with the state after a journal of the scheduler, or of the given machine. A scenario is
 * immutable: several can continue from one. Throws what `replay` throws, but does not compare
 * hashes.
 */
export function given(
  source: JournalSource<typeof schedulerMachine>,
): Scenario<typeof schedulerMachine>
export function given<M extends AnyStateMachine>(source: JournalSource<M>, machine: M): Scenario<M>
export function given(
  source: JournalSource<AnyStateMachine>,
  machine: AnyStateMachine = schedulerMachine,
): Scenario<AnyStateMachine> {
  return scenario(machine, openSource(source, machine), [], 0)
}

function scenario<M extends AnyStateMachine>(
  machine: M,
  source: OpenedSource<M>,
  inputs: readonly Input<M>[],
  /** Number of inputs before the last `then`. */
  seen: number,
): Scenario<M> {
  const add = (...more: readonly Input<M>[]) =>
    scenario(machine, source, [...inputs, ...more], seen)
  return {
    when: (...events) => add(...events.map((event) => ({ afterMs: 0, event }))),
    after: (afterMs) => add({ afterMs }),
    // oxlint-disable-next-line unicorn/no-thenable -- the third word of the sentence
    then(state, effects) {
      const outcome = run(machine, source, inputs, seen)
      assertState(outcome.snapshot, state)
      if (effects !== undefined) assertEffects(outcome.effects, effects)
      return scenario(machine, source, inputs, inputs.length)
    },
  }
}

function run<M extends AnyStateMachine>(
  machine: M,
  { input, startedAt, records, from }: OpenedSource<M>,
  inputs: readonly Input<M>[],
  seen: number,
): { readonly snapshot: SnapshotFrom<M>; readonly effects: readonly Effect[] } {
  const entries: readonly Entry<EventFromLogic<M>>[] = records.filter((record) => isEntry(record))
  const last = entries.at(-1) ?? { seq: from?.seq ?? 0, now: from?.state.now ?? startedAt }
  let { seq, now } = last
  let firstSeq = seq
  const replayed = replay(machine, input, startedAt, allEntries(), { from })

  /** Lazy: the next timer is known after the previous entry was applied. */
  function* allEntries(): Generator<Entry<EventFromLogic<M>>> {
    yield* entries
    for (const [index, { afterMs, event }] of inputs.entries()) {
      if (index === seen) firstSeq = seq + 1
      const end = now + afterMs
      yield* wakes(end)
      now = end
      seq += 1
      yield event === undefined ? { seq, now } : { seq, now, event }
    }
    if (inputs.length > 0 && seen === inputs.length) firstSeq = seq + 1
  }

  /** The times at which the runtime would wake up until `end`. */
  function* wakes(end: number): Generator<Entry<EventFromLogic<M>>> {
    let count = 0
    for (;;) {
      const due = replayed.nextDue()
      if (due === undefined || due >= end) return
      count = due > now ? 0 : count + 1
      if (count > wakesAtOnce) throw new Error(`timers fire at ${now} ms without an end`)
      now = Math.max(now, due)
      seq += 1
      yield { seq, now }
    }
  }

  const steps = [...replayed]
  const effects = steps.flatMap((step) => (step.seq >= firstSeq ? step.effects : []))
  return { snapshot: replayed.snapshot, effects }
}

function assertState<M extends AnyStateMachine>(
  snapshot: SnapshotFrom<M>,
  expected: ExpectedState<M>,
): void {
  if (typeof expected === 'function') {
    expected(snapshot)
    return
  }
  const { value, children } = snapshot as StateOfTree
  if (typeof expected === 'object' && Object.keys(expected).every((id) => id in children)) {
    const names = Object.entries(expected).map(([id, name]) => {
      const below = (children[id]?.getSnapshot() as StateOfTree | undefined)?.value ?? ''
      return [id, typeof name === 'string' && namesOf(below).includes(name) ? name : below]
    })
    assert.deepEqual(Object.fromEntries(names), expected)
    return
  }
  const isNamed = typeof expected === 'string' && namesOf(value).includes(expected)
  assert.deepEqual(isNamed ? expected : value, expected)
}

interface StateOfTree {
  readonly value: StateValue
  readonly children: Readonly<Record<string, AnyActorRef>>
}

/** Names of the active states, including those with states below. */
function namesOf(value: StateValue): readonly string[] {
  if (typeof value === 'string') return [value]
  return Object.entries(value).flatMap(([name, below]) =>
    below === undefined ? [name] : [name, ...namesOf(below)],
  )
}

/**
 * Compares only the expected part of each effect, so that the message shows only the differences.
 */
function assertEffects(effects: readonly Effect[], expected: readonly ExpectedEffect[]): void {
  const actual = effects.map(({ type, params }, index) => {
    const wanted = expected[index]
    if (typeof wanted !== 'object') return type
    return 'params' in wanted ? { type, params: pick(params, wanted.params) } : { type }
  })
  assert.deepEqual(actual, expected)
}

/** The part of `value` that is also in `expected`. */
function pick(value: unknown, expected: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(expected)) {
    return value.map((item, index) => (index in expected ? pick(item, expected[index]) : item))
  }
  if (!isObject(value) || !isObject(expected)) return value
  return Object.fromEntries(
    Object.keys(expected)
      .filter((key) => key in value)
      .map((key) => [key, pick(value[key], expected[key])]),
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
