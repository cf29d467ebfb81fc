/** Names of transitions: equal in charts, in steps and in frames. */
import type { AnyTransitionDefinition } from 'xstate'

/**
 * The key of a transition: `stateId#descriptor#index`. The descriptor is that of `on`
 * (`mesos.update`, `*`), XState's own for the others (`xstate.after.1000.door.open`,
 * `xstate.done.actor.fetch`), and empty for `always`. The index counts the transitions of this
 * state with this descriptor, from 0.
 */
export function transitionKey(stateId: string, descriptor: string, index: number): string {
  return `${stateId}#${descriptor}#${index}`
}

/** The key of a transition of a machine. */
export function transitionKeyOf(transition: AnyTransitionDefinition): string {
  const { source, eventType } = transition
  const siblings = eventType === '' ? source.always : source.transitions.get(eventType as never)
  const index = siblings?.indexOf(transition as never) ?? -1
  return transitionKey(source.id, eventType, Math.max(0, index))
}
