/**
 * A machine without context, guards and actions as a table of its transitions: an actor per task
 * would cost too much at 100,000 tasks.
 */
import type { AnyStateMachine, StateNode } from 'xstate'

/** The next state, by state and event; absent if the event changes nothing. */
export type TransitionTable<State extends string> = ReadonlyMap<string, ReadonlyMap<string, State>>

/** Reads the table from a machine. Keys of states must be unique in it. */
export function transitionTable<State extends string>(
  machine: AnyStateMachine,
): TransitionTable<State> {
  const table = new Map<string, Map<string, State>>()
  const visit = (node: StateNode, inherited: ReadonlyMap<string, State>): void => {
    const own = new Map(inherited)
    for (const [event, [transition]] of node.transitions) {
      const [target] = transition?.target ?? []
      own.set(event, (target === undefined ? node.key : leafOf(target).key) as State)
    }
    table.set(node.key, own)
    for (const child of Object.values(node.states)) visit(child, own)
  }
  visit(machine.root, new Map())
  return table
}

function leafOf(node: StateNode): StateNode {
  const [initial] = node.type === 'compound' ? (node.initial.target ?? []) : []
  return initial === undefined ? node : leafOf(initial)
}
