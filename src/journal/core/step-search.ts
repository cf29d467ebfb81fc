/** Which transitions an event can take, in the order in which XState asks their guards. */
import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate'
import { bodyOf, isKnown } from './actions.ts'
import type { Action } from './actions.ts'

type StateNode = AnyMachineSnapshot['_nodes'][number]
type Transition = NonNullable<StateNode['always']>[number]

/** A guard that depends on context and event alone. */
type Guard = (args: { readonly context: object; readonly event: EventObject }) => boolean

/** What an event can do in some active states. */
export interface Steps {
  readonly candidates: readonly Candidate[]
  /** Guards of eventless transitions: XState takes a step after which one of them passes. */
  readonly eventless: readonly Guard[]
  /** True once one of them has passed: from then on, XState alone takes these steps. */
  isLeft: boolean
}

interface Candidate {
  readonly guard: Guard | undefined
  /** Undefined if only XState can take this transition. */
  readonly actions: readonly Action[] | undefined
}

/** Undefined if only XState knows what the event does, which is none of XState's own. */
export function findSteps(
  machine: AnyStateMachine,
  nodes: readonly StateNode[],
  type: string,
): Steps | undefined {
  // Each leaf has a transition of its own: also a final one, or a state above it.
  const [transitions, ...others] = leavesOf(nodes).map((leaf) => transitionsFrom(leaf, type))
  if (transitions === undefined || !others.every((other) => areSame(transitions, other)))
    return undefined
  const always = nodes.flatMap((node) => node.always ?? [])
  const isPlain = [...transitions, ...always].every(
    ({ guard }) => guard === undefined || plainGuard(machine, guard) !== undefined,
  )
  if (!isPlain || always.some(({ guard }) => guard === undefined)) return undefined
  return {
    candidates: transitions.map((transition) => ({
      guard: plainGuard(machine, transition.guard),
      actions: actionsOf(machine, transition),
    })),
    eventless: always.flatMap(({ guard }) => plainGuard(machine, guard) ?? []),
    isLeft: false,
  }
}

/** The states without states below them. */
export function leavesOf(nodes: readonly StateNode[]): readonly StateNode[] {
  return nodes.filter((node) => node.type === 'atomic' || node.type === 'final')
}

/** The actions of the first candidate whose guard passes; undefined if XState must take the step. */
export function firstOf(
  { candidates, isLeft }: Steps,
  context: object,
  event: EventObject,
): readonly Action[] | undefined {
  if (isLeft) return undefined
  try {
    return candidates.find(({ guard }) => guard === undefined || guard({ context, event }))?.actions
  } catch {
    // XState throws it again, with what it adds.
    return undefined
  }
}

/** True if the step is over with these actions, and no eventless transition follows. */
export function isOver(steps: Steps, context: object, event: EventObject): boolean {
  steps.isLeft = steps.eventless.some((guard) => guard({ context, event }))
  return !steps.isLeft
}

/** Those of this state and of the states above it, up to one without a guard. */
function transitionsFrom(leaf: StateNode, type: string): readonly Transition[] | undefined {
  const found: Transition[] = []
  for (let node: StateNode | undefined = leaf; node !== undefined; node = node.parent) {
    const { transitions } = node
    if ([...transitions.keys()].some((key) => key.endsWith('.*'))) return undefined
    // Those for any event follow where all guards of the event's own fail.
    for (const transition of [type, '*'].flatMap((key) => transitions.get(key) ?? [])) {
      found.push(transition)
      if (transition.guard === undefined) return found
    }
  }
  return found
}

/** True where no region of a parallel state has a transition of its own. */
function areSame(some: readonly Transition[], others: readonly Transition[] | undefined): boolean {
  return some.length === others?.length && some.every((one, index) => one === others[index])
}

function plainGuard({ implementations }: AnyStateMachine, guard: unknown): Guard | undefined {
  const found = typeof guard === 'string' ? implementations.guards[guard] : guard
  // XState's own guards ask for more than the context.
  return typeof found === 'function' && !('check' in found) ? (found as Guard) : undefined
}

function actionsOf(
  machine: AnyStateMachine,
  { target, reenter, actions }: Transition,
): readonly Action[] | undefined {
  const stays = target === undefined && !reenter
  return stays && actions.every((action) => isKnown(bodyOf(machine, action as Action)))
    ? (actions as readonly Action[])
    : undefined
}
