/** Names of the actions of a microstep, in order, with the parameters that they were executed with. */
import type { Microstep } from '../protocol/step.ts'
import { toValue } from '../value/to-value.ts'
import type { StateNode, Transition } from './candidates.ts'

export interface Executed {
  readonly type: string
  readonly params: unknown
}

type Action = string | { readonly type: string } | ((...args: never) => unknown)

const maxActions = 500

/**
 * The actions in the machine's words. XState tells only of those that it executes, and of its own
 * (`assign`, `raise`) not by the names that they have in the machine.
 */
export function actionsOf(
  exited: readonly StateNode[],
  transitions: readonly Transition[],
  entered: readonly StateNode[],
  executed: readonly Executed[],
): Microstep['actions'] {
  const named = [
    ...exited.flatMap(({ exit }) => exit),
    ...transitions.flatMap(({ actions }) => actions),
    ...entered.flatMap(({ entry }) => entry),
  ].map((action) => nameOf(action as Action))
  return withParams(named.filter(isShown), executed)
}

/** Gives each executed action its parameters; those of an `enqueueActions` stand behind it. */
function withParams(named: readonly string[], executed: readonly Executed[]): Microstep['actions'] {
  const all: { readonly type: string; readonly params?: ReturnType<typeof toValue> }[] = []
  let next = 0
  for (const { type, params } of executed) {
    if (type.startsWith('xstate.')) continue
    const at = named.indexOf(type, next)
    if (at !== -1) {
      for (; next < at; next++) all.push({ type: named[next] ?? '' })
      next = at + 1
    }
    all.push({ type, ...(params !== undefined && { params: toValue(params) }) })
  }
  for (; next < named.length; next++) all.push({ type: named[next] ?? '' })
  return all.slice(0, maxActions)
}

/** What XState adds for `after` is in the timers. */
function isShown(name: string): boolean {
  return name !== 'cancel' && name !== 'raise'
}

function nameOf(action: Action): string {
  if (typeof action === 'string') return action
  if (typeof action === 'object') return action.type
  const { type } = action as { readonly type?: unknown }
  const creator = typeof type === 'string' ? type.replace(/^xstate\./, '') : '(anonymous)'
  return action.name === '' ? creator : action.name
}
