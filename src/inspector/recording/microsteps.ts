/** Microsteps, from what XState tells of them. */
import type { AnyEventObject, AnyMachineSnapshot } from 'xstate'
import { cutText } from '../cut-text.ts'
import type { Considered, Microstep } from '../protocol/step.ts'
import { stateLine } from '../state-line.ts'
import { actionsOf } from './actions.ts'
import type { Executed } from './actions.ts'
import type { StateNode, Transition } from './candidates.ts'
import { consider, takenWithout } from './considered.ts'
import { exitSetOf, withoutConflicts } from './exit-set.ts'

interface FailedStep {
  readonly actor: string
  readonly event: AnyEventObject
  readonly before: AnyMachineSnapshot
  readonly executed: readonly Executed[]
}

interface DoneStep extends Omit<FailedStep, 'before'> {
  /** Undefined while the actor is made: XState does not tell its first state. */
  readonly before: AnyMachineSnapshot | undefined
  readonly after: AnyMachineSnapshot
  readonly transitions: readonly Transition[]
}

export function microstepOf(step: DoneStep): Microstep {
  const { actor, event, before, after, transitions, executed } = step
  const isAlways = transitions.length > 0 && transitions.every(({ eventType }) => eventType === '')
  const nodes = before?._nodes ?? []
  const taken = withoutConflicts(transitions, nodes)
  const exits = new Set(taken.flatMap((transition) => [...exitSetOf(transition, nodes)]))
  const exited = inOrder(exits).toReversed()
  const stayed = new Set(nodes.filter((node) => !exits.has(node)))
  const entered =
    before === undefined ? [] : inOrder(after._nodes).filter((one) => !stayed.has(one))
  // A machine that ends leaves all of its states.
  const ends = after.status === 'done' ? inOrder(after._nodes).toReversed() : []
  return {
    actor,
    type: isAlways ? 'always' : cutText(event.type),
    considered: withIdle(
      consideredBefore(before, event, transitions, isAlways),
      idleAlways(after, event),
    ),
    from: before === undefined ? '' : lineOf(before),
    to: lineOf(after),
    entered: entered.map(({ id }) => id),
    exited: exited.map(({ id }) => id),
    actions: [...actionsOf(exited, taken, entered, executed), ...actionsOf(ends, [], [], [])],
  }
}

/** A stop asks no transition. */
function consideredBefore(
  before: AnyMachineSnapshot | undefined,
  event: AnyEventObject,
  transitions: readonly Transition[],
  isAlways: boolean,
): readonly Considered[] {
  if (event.type === 'xstate.stop') return []
  if (before === undefined) return takenWithout(transitions)
  return consider(before, event, isAlways ? 'always' : 'event').considered
}

/** The beginning of an actor: it enters its first states. */
export function birthOf(
  actor: string,
  snapshot: AnyMachineSnapshot,
  executed: readonly Executed[],
): Microstep {
  const entered = inOrder(snapshot._nodes)
  return {
    actor,
    type: 'xstate.init',
    considered: [],
    from: '',
    to: lineOf(snapshot),
    entered: entered.map(({ id }) => id),
    exited: [],
    actions: actionsOf([], [], entered, executed),
  }
}

/** A step that threw: the state is as before, and the guard or action that threw is the last. */
export function failedStepOf(
  { actor, event, before, executed }: FailedStep,
  kind: 'event' | 'always',
): Microstep {
  const state = stateLine(before.value)
  return {
    actor,
    type: kind === 'always' ? kind : cutText(event.type),
    considered: consider(before, event, kind).considered,
    from: state,
    to: state,
    entered: [],
    exited: [],
    actions: actionsOf([], [], [], executed),
  }
}

/** The `always` that a machine asks after a microstep, if it takes none. */
function idleAlways(after: AnyMachineSnapshot, event: AnyEventObject): readonly Considered[] {
  if (after.status !== 'active') return []
  const { considered, taken } = consider(after, event, 'always')
  return taken.length > 0 || considered.some(({ verdict }) => verdict === 'guard threw')
    ? []
    : considered
}

/** What was asked before and after the step is told once. */
function withIdle(
  asked: readonly Considered[],
  idle: readonly Considered[],
): readonly Considered[] {
  const known = new Set(asked.map(({ transition }) => transition))
  return [...asked, ...idle.filter(({ transition }) => !known.has(transition))]
}

function inOrder(nodes: Iterable<StateNode>): readonly StateNode[] {
  return [...nodes].toSorted((one, other) => one.order - other.order)
}

function lineOf({ value, status }: AnyMachineSnapshot): string {
  return status === 'active' ? stateLine(value) : `${stateLine(value)} (${status})`
}
