/** States that the machines of a tree leave and enter. */
import type { AnyActorRef } from 'xstate'

/** One machine whose state changed. One that appeared or ended has no `from` or `to`. */
export interface StateChange {
  readonly actorId: string
  readonly from: string | undefined
  readonly to: string | undefined
}

interface MachineSnapshot {
  readonly value: unknown
  readonly children?: Readonly<Record<string, AnyActorRef>>
  readonly machine?: { readonly id: string }
}

/** States of a machine and of all machines below it, by actor id; JSON unless one plain name. */
export function statesOf(snapshot: unknown): ReadonlyMap<string, string> {
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

/** The machines whose states differ, the root first. */
export function changesBetween(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly StateChange[] {
  return [...new Set([...after.keys(), ...before.keys()])]
    .map((actorId) => ({ actorId, from: before.get(actorId), to: after.get(actorId) }))
    .filter(({ from, to }) => from !== to)
}
