/**
 * Gives actions the names of their constants, for charts and inspectors: XState calls every action
 * by its creator, such as `enqueueActions`.
 */
export function nameActions(actions: Readonly<Record<string, object>>): void {
  for (const [name, action] of Object.entries(actions))
    Object.defineProperty(action, 'name', { value: name })
}
