export interface Listeners {
  readonly add: (listener: () => void) => () => void
  readonly call: () => void
}

/** Creates a list of listeners. The same function can be added twice. */
export function createListeners(): Listeners {
  const listeners = new Set<{ readonly listener: () => void }>()
  return {
    add(listener) {
      const added = { listener }
      listeners.add(added)
      return () => listeners.delete(added)
    },
    call() {
      for (const { listener } of listeners) listener()
    },
  }
}
