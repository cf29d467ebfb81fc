/**
 * Gives actions the names of their constants, for charts and inspectors: XState calls every action
 * by its creator, such as `enqueueActions`. Returns them.
 */
export function nameActions<Actions extends Readonly<Record<string, object>>>(
  actions: Actions,
): Actions {
  for (const [name, action] of Object.entries(actions))
    Object.defineProperty(action, 'name', { value: name })
  return actions
}
