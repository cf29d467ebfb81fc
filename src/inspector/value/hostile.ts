/** Reading objects whose getters and traps may throw. */

export function quietly<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** An own member that is data. Getters are not called: they may do anything, and take any time. */
export function ownDataOf(value: object, key: PropertyKey): unknown {
  return quietly(() => Object.getOwnPropertyDescriptor(value, key)?.value as unknown)
}

/** The name of a function or class; undefined if it has none. */
export function nameOf(value: object): string | undefined {
  const name = ownDataOf(value, 'name')
  return typeof name === 'string' && name !== '' ? name : undefined
}

/** The name of an object's class; undefined for plain objects, arrays and the like. */
export function classNameOf(value: object): string | undefined {
  const prototype = quietly(() => Object.getPrototypeOf(value) as object | null)
  if (prototype === undefined || prototype === null || plainPrototypes.has(prototype))
    return undefined
  const constructor = ownDataOf(prototype, 'constructor')
  return typeof constructor === 'function' ? nameOf(constructor) : undefined
}

const plainPrototypes: ReadonlySet<object> = new Set([
  Object.prototype,
  Array.prototype,
  Map.prototype,
  Set.prototype,
])
