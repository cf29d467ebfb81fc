/** Texts of actions and guards. */

export interface ChartAction {
  readonly name: string
  /** The `fx.` actions that it may enqueue, the events that it raises with a delay, its children. */
  readonly effects: readonly string[]
  readonly raises: readonly string[]
  readonly spawns: readonly string[]
  /** Name of the function that its params come from. */
  readonly params?: string
}

export type DescribeAction = (action: unknown) => ChartAction

/** By name alone: what an action does is in its code. */
export function describeAction(action: unknown): ChartAction {
  const name = actionName(action)
  return { name, effects: name.startsWith('fx.') ? [name] : [], raises: [], spawns: [] }
}

/** An action's name in charts and steps: its own, else that of its creator, such as `assign`. */
export function actionName(action: unknown): string {
  if (typeof action === 'string') return action
  if (typeof action === 'function' && action.name !== '') return action.name
  const { type } = action as { readonly type?: unknown }
  return typeof type === 'string' ? type.replace(/^xstate\./, '') : '(anonymous)'
}

interface GuardLike {
  readonly type?: unknown
  readonly name?: unknown
  readonly guards?: readonly unknown[]
}

/** How a guard reads: its name, or the names it is made of. */
export function describeGuard(guard: unknown): string | undefined {
  if (guard === undefined || typeof guard === 'string') return guard
  const { type, name, guards } = guard as GuardLike
  if (guards === undefined) {
    if (typeof type === 'string') return type
    return typeof name === 'string' && name !== '' ? name : 'condition'
  }
  const names = guards.map((part) => describeGuard(part) ?? 'condition')
  if (type === 'xstate.not') return `not ${names[0]}`
  return names.join(type === 'xstate.or' ? ' or ' : ' and ')
}
