/**
 * Notes which members of context and event a guard reads. It gets proxies of plain objects and
 * arrays; anything else is given as it is.
 */
import { isPersistentMap } from '../value/persistent-map.ts'
import type { Verdict } from '../protocol/step.ts'
import { toValue } from '../value/to-value.ts'

type Reads = Verdict['reads']

const maxReads = 30
/** A guard may search a list: what it reads after these is not noted. */
const maxNoted = 1000
const shown = { depth: 1, items: 10, chars: 200 } as const

/** How an object is read: `map` and `branch` are inside a persistent map, which has one path. */
type Role = 'value' | 'map' | 'branch' | 'leaf'

/** Calls `read` with a context and an event that note what is read of them. */
export function readsOf(
  context: unknown,
  event: unknown,
  read: (context: unknown, event: unknown) => unknown,
): Reads {
  const values = new Map<string, unknown>()
  /** Paths that were only passed on the way to a member. */
  const passed = new Set<string>()
  const proxies = new WeakMap<object, object>()
  let noted = 0

  function note(path: string, value: unknown, parent: string): void {
    noted += 1
    if (noted > maxNoted) return
    passed.add(parent)
    if (!values.has(path)) values.set(path, value)
  }

  function wrap(value: unknown, path: string, role: Role): unknown {
    if (!isPlain(value)) return value
    const known = proxies.get(value)
    if (known !== undefined) return known
    const proxy = new Proxy(shadowOf(value), handlerOf(value, path, role))
    proxies.set(value, proxy)
    return proxy
  }

  function handlerOf(object: object, path: string, role: Role): ProxyHandler<object> {
    return {
      get(_, key) {
        const value = Reflect.get(object, key) as unknown
        if (typeof key === 'symbol' || typeof value === 'function') return value
        if (role === 'value' && !isPersistentMap(object)) {
          const below = `${path}.${key}`
          note(below, value, path)
          return wrap(value, below, roleOf(value))
        }
        return readTrie(object, key, value, path, role)
      },
      has: (_, key) => {
        if (typeof key === 'string' && role === 'value') {
          note(`${path}.${key}`, Reflect.get(object, key), path)
        }
        return Reflect.has(object, key)
      },
      ownKeys: () => Reflect.ownKeys(object),
      getOwnPropertyDescriptor(target, key) {
        const found = Reflect.getOwnPropertyDescriptor(object, key)
        const isFixed = Reflect.getOwnPropertyDescriptor(target, key)?.configurable === false
        if (found === undefined) return undefined
        const open = 'value' in found ? { ...found, writable: true } : found
        return { ...open, configurable: !isFixed }
      },
      set: () => true,
      deleteProperty: () => true,
      defineProperty: () => true,
    }
  }

  /** Members of a persistent map: rows have the map's path and their key, all else has none. */
  function readTrie(object: object, key: string, value: unknown, path: string, role: Role) {
    if (key === 'size') {
      note(`${path}.size`, value, path)
      return value
    }
    if (role !== 'leaf') {
      const isRow = Array.isArray(value) && value.length === 2 && typeof value[0] === 'string'
      return wrap(value, path, isRow ? 'leaf' : 'branch')
    }
    if (key !== '1') return value
    const row = `${path}.${String(Reflect.get(object, '0'))}`
    note(row, value, path)
    return wrap(value, row, roleOf(value))
  }

  read(wrap(context, 'context', 'value'), wrap(event, 'event', 'value'))
  return [...values]
    .filter(([path]) => !passed.has(path))
    .slice(0, maxReads)
    .map(([path, value]) => ({ path: path.slice(0, 500), value: toValue(value, shown) }))
}

function roleOf(value: unknown): Role {
  return typeof value === 'object' && value !== null && isPersistentMap(value) ? 'map' : 'value'
}

/** A target without members of its own: members of a frozen one could not be replaced by proxies. */
function shadowOf(value: object): object {
  return Array.isArray(value)
    ? []
    : (Object.create(Object.getPrototypeOf(value) as object | null) as object)
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
