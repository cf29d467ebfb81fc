/**
 * Steps that stay in their states, taken without XState's search for states to leave and to enter:
 * for a status update of the scheduler, that search is half of the cost.
 */
import { StateMachine } from 'xstate'
import type { AnyActorScope, AnyMachineSnapshot, AnyStateMachine } from 'xstate'
import { createActionRun } from './action-run.ts'
import { findSteps, firstOf, leavesOf } from './step-search.ts'
import type { Steps } from './step-search.ts'

type StateNodes = AnyMachineSnapshot['_nodes']
type StepsByType = Map<string, Steps | undefined>

/**
 * Changes the `transition` of a machine and of its children. State, order and errors stay those of
 * XState's step; its inspection events are missing: a machine that is inspected must not be changed.
 */
export function withShortSteps<M extends AnyStateMachine>(machine: M): M {
  const step = machine.transition
  const run = createActionRun(machine)
  /** By type of event, for the active states, which keep their array as long as they stay. */
  const known = new WeakMap<StateNodes, StepsByType>()
  const byLeaves = new Map<string, StepsByType>()

  function stepsFor(nodes: StateNodes, type: string): Steps | undefined {
    let byType = known.get(nodes)
    if (byType === undefined) {
      const leaves = leavesOf(nodes)
        .map(({ id }) => id)
        .join()
      byLeaves.set(leaves, (byType = byLeaves.get(leaves) ?? new Map()))
      known.set(nodes, byType)
    }
    const found = byType.get(type)
    if (found !== undefined || byType.has(type)) return found
    const searched = findSteps(machine, nodes, type)
    byType.set(type, searched)
    return searched
  }

  machine.transition = (snapshot: AnyMachineSnapshot, event, scope: AnyActorScope) => {
    // XState itself acts on some of its own events, whose types may contain the ids of actors.
    const isOwn = event.type.startsWith('xstate.')
    const steps = isOwn ? undefined : stepsFor(snapshot._nodes, event.type)
    const actions = steps && firstOf(steps, snapshot.context as object, event)
    const next = actions && run(actions, snapshot, event, scope, steps)
    return next ?? step(snapshot, event, scope)
  }
  for (const logic of Object.values(machine.implementations.actors)) {
    if (logic instanceof StateMachine) withShortSteps(logic as AnyStateMachine)
  }
  return machine
}
