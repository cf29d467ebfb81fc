/**
 * Steps that stay in their states, taken without XState's search for states to leave and to enter:
 * for a status update of the scheduler, that search is half of the cost.
 */
import { StateMachine } from 'xstate'
import type { AnyActorScope, AnyMachineSnapshot, AnyStateMachine } from 'xstate'
import { createActionRun } from './action-run.ts'
import { bodyOf, isKnown } from './actions.ts'
import type { Action } from './actions.ts'

type StateNode = AnyMachineSnapshot['_nodes'][number]
type Transition = NonNullable<StateNode['always']>[number]

/**
 * Changes the `transition` of a machine and of its children. State, order and errors stay those of
 * XState's step; its inspection events are missing: a machine that is inspected must not be changed.
 */
export function withShortSteps<M extends AnyStateMachine>(machine: M): M {
  const step = machine.transition
  const run = createActionRun(machine)
  /** By the active states, which keep their array as long as they stay, and by type of event. */
  const known = new WeakMap<readonly StateNode[], Map<string, readonly Action[] | undefined>>()

  function actionsFor(nodes: readonly StateNode[], type: string): readonly Action[] | undefined {
    let actions = known.get(nodes)
    if (actions === undefined) known.set(nodes, (actions = new Map()))
    const found = actions.get(type)
    if (found !== undefined || actions.has(type)) return found
    const searched = findActions(machine, nodes, type)
    actions.set(type, searched)
    return searched
  }

  machine.transition = (snapshot: AnyMachineSnapshot, event, scope: AnyActorScope) => {
    const actions = actionsFor(snapshot._nodes, event.type)
    const next = actions && run(actions, snapshot, event, scope)
    return next ?? step(snapshot, event, scope)
  }
  for (const logic of Object.values(machine.implementations.actors)) {
    if (logic instanceof StateMachine) withShortSteps(logic as AnyStateMachine)
  }
  return machine
}

/** The actions of a step on this event, if it stays in its states for any context. */
function findActions(
  machine: AnyStateMachine,
  nodes: readonly StateNode[],
  type: string,
): readonly Action[] | undefined {
  // XState itself acts on some of its own events.
  if (type.startsWith('xstate.')) return undefined
  // Each leaf has a transition of its own: also a final one, or a state above it.
  const leaves = nodes.filter((node) => node.type === 'atomic' || node.type === 'final')
  if (leaves.length !== 1 || nodes.some(({ always }) => always !== undefined)) return undefined
  for (let node = leaves[0]; node !== undefined; node = node.parent) {
    const [first] = node.transitions.get(type) ?? []
    if (first !== undefined) return actionsOf(machine, first)
    if ([...node.transitions.keys()].some((key) => key.endsWith('*'))) return undefined
  }
  return undefined
}

function actionsOf(
  machine: AnyStateMachine,
  { guard, target, reenter, actions }: Transition,
): readonly Action[] | undefined {
  const stays = guard === undefined && target === undefined && !reenter
  return stays && actions.every((action) => isKnown(bodyOf(machine, action as Action)))
    ? (actions as readonly Action[])
    : undefined
}
