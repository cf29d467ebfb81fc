/** The transitions that a state has for an event, in the order in which XState asks them. */
import type { AnyMachineSnapshot, AnyTransitionDefinition } from 'xstate'

export type StateNode = AnyMachineSnapshot['_nodes'][number]
export type Transition = AnyTransitionDefinition

/** Exact descriptors first, then wildcards, the longest first. */
export function candidatesOf(node: StateNode, type: string): readonly Transition[] {
  const transitions = node.transitions as ReadonlyMap<string, readonly Transition[]>
  const wildcards = [...transitions.keys()]
    .filter((descriptor) => descriptor !== type && matches(type, descriptor))
    .toSorted((one, other) => other.length - one.length)
  return [type, ...wildcards].flatMap((descriptor) => transitions.get(descriptor) ?? [])
}

/** `*`, or `mesos.*`: a star stands for all that follows, or for nothing. */
function matches(type: string, descriptor: string): boolean {
  if (descriptor === '*') return true
  if (!descriptor.endsWith('.*')) return false
  const wanted = descriptor.split('.')
  const found = type.split('.')
  for (const [index, token] of wanted.entries()) {
    if (token === '*') return index === wanted.length - 1
    if (token !== found[index]) return false
  }
  return true
}
