/** Names of the actions of a microstep, in order, with the parameters that they were executed with. */
import { actionName } from '../chart/describe.ts'
import type { Microstep } from '../protocol/step.ts'
import { toValue } from '../value/to-value.ts'
import type { StateNode, Transition } from './candidates.ts'

export interface Executed {
  readonly type: string
  readonly params: unknown
}

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
  ].map((action) => ({
    type: actionName(action),
    isList: (action as { readonly type?: unknown }).type === 'xstate.enqueueActions',
  }))
  return withParams(named.filter(isShown), executed)
}

interface NamedAction {
  readonly type: string
  /** An `enqueueActions`, which has others executed. */
  readonly isList: boolean
}

/** Gives each executed action its parameters; those of an `enqueueActions` stand behind it. */
function withParams(
  named: readonly NamedAction[],
  executed: readonly Executed[],
): Microstep['actions'] {
  const all: { readonly type: string; readonly params?: ReturnType<typeof toValue> }[] = []
  let next = 0
  let isInList = false
  const passTo = (end: number) => {
    for (const { type, isList } of named.slice(next, end)) {
      all.push({ type })
      isInList = isList
    }
    next = end
  }
  for (const { type, params } of executed) {
    if (type.startsWith('xstate.')) continue
    const at = named.findIndex((action, index) => index >= next && action.type === type)
    const list = named.findIndex(({ isList }, index) => index >= next && isList)
    if (at !== -1) passTo(at)
    else if (!isInList) passTo(list + 1 || next)
    if (at !== -1) next = at + 1
    all.push({ type, ...(params !== undefined && { params: toValue(params, { depth: 4 }) }) })
  }
  passTo(named.length)
  return all.slice(0, maxActions)
}

/** What XState adds for `after` is in the timers. */
function isShown({ type }: NamedAction): boolean {
  return type !== 'cancel' && type !== 'raise'
}
