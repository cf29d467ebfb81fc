/** The states that transitions leave: XState's rules, which are those of SCXML. */
import type { StateNode, Transition } from './candidates.ts'

/** States that one transition leaves, of those that are active. */
export function exitSetOf(
  { target, source, reenter }: Transition,
  active: readonly StateNode[],
): ReadonlySet<StateNode> {
  if (target === undefined || target.length === 0) return new Set()
  const domain = domainOf(target, source, reenter)
  const left = active.filter((node) => domain === undefined || isBelow(node, domain))
  return new Set(reenter && domain === source ? [source, ...left] : left)
}

/** The state within which a transition stays; undefined for one that leaves the root. */
function domainOf(
  targets: readonly StateNode[],
  source: StateNode,
  reenter: boolean,
): StateNode | undefined {
  // What a history state stands for is below its parent.
  const places = targets.map((target) =>
    target.type === 'history' ? (target.parent ?? target) : target,
  )
  const isInside = places.every((place) => place === source || isBelow(place, source))
  if (!reenter && isInside) return source
  for (let node = source.parent; node !== undefined; node = node.parent) {
    const ancestor = node
    if (places.every((place) => isBelow(place, ancestor))) return ancestor
  }
  return reenter ? undefined : source.machine.root
}

/** Of transitions that would leave the same state, that of the inner state, else the first. */
export function withoutConflicts(
  transitions: readonly Transition[],
  active: readonly StateNode[],
): readonly Transition[] {
  const kept = new Map<Transition, ReadonlySet<StateNode>>()
  for (const transition of transitions) {
    const exits = exitSetOf(transition, active)
    const rivals = [...kept].filter(([, others]) => [...exits].some((node) => others.has(node)))
    if (!rivals.every(([rival]) => isBelow(transition.source, rival.source))) continue
    for (const [rival] of rivals) kept.delete(rival)
    kept.set(transition, exits)
  }
  return [...kept.keys()]
}

function isBelow(node: StateNode, ancestor: StateNode): boolean {
  for (let above = node.parent; above !== undefined; above = above.parent) {
    if (above === ancestor) return true
  }
  return false
}
