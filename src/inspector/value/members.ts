/** Objects with members, of any kind, read alike. */
import type { CompoundValue } from '../protocol/value.ts'
import { classNameOf, ownDataOf, quietly } from './hostile.ts'
import { isPersistentMap, leavesOf } from './persistent-map.ts'
import { cut, plainValueOf } from './plain-value.ts'

export interface Members {
  readonly kind: CompoundValue['kind']
  readonly name?: string
  readonly size: number
  /** From the first one on. */
  entries(): Iterable<readonly [key: string, value: unknown]>
}

/** A member that is a getter: it is not called. */
export const getter = Symbol('getter')
const maxKeyChars = 200

/** The members of an object. An object that throws while it is read has none. */
export function membersOf(value: object): Members {
  const name = classNameOf(value)
  const members = quietly(() => kindOf(value)) ?? { kind: 'object', size: 0, entries: () => [] }
  return name === undefined ? members : { ...members, name }
}

function kindOf(value: object): Members {
  if (Array.isArray(value)) {
    return { kind: 'array', size: value.length, entries: () => elementsOf(value) }
  }
  if (value instanceof Map) {
    const entries = () => keyed(Map.prototype.entries.call(value))
    return { kind: 'map', size: sizeOfMap(value), entries }
  }
  if (value instanceof Set) {
    const entries = () => numbered(Set.prototype.values.call(value))
    return { kind: 'set', size: sizeOfSet(value), entries }
  }
  if (isPersistentMap(value)) {
    return { kind: 'map', size: value.size, entries: () => leavesOf(value) }
  }
  const keys = Object.keys(value)
  return { kind: 'object', size: keys.length, entries: () => propertiesOf(value, keys) }
}

function* elementsOf(array: readonly unknown[]): Generator<readonly [string, unknown]> {
  for (let index = 0; index < array.length; index++) {
    yield [String(index), memberOf(array, String(index))]
  }
}

function* propertiesOf(
  value: object,
  keys: readonly string[],
): Generator<readonly [string, unknown]> {
  for (const key of keys) yield [key, memberOf(value, key)]
}

function memberOf(value: object, key: string): unknown {
  const descriptor = quietly(() => Object.getOwnPropertyDescriptor(value, key))
  return descriptor?.get === undefined ? ownDataOf(value, key) : getter
}

function* keyed(
  entries: Iterable<readonly [unknown, unknown]>,
): Generator<readonly [string, unknown]> {
  for (const [key, value] of entries) yield [keyText(key), value]
}

function* numbered(values: Iterable<unknown>): Generator<readonly [string, unknown]> {
  let index = 0
  for (const value of values) yield [String(index++), value]
}

/** The key of a map as text: of an object, its kind. */
export function keyText(key: unknown): string {
  const plain = plainValueOf(key, maxKeyChars)
  return plain?.text ?? `(${Array.isArray(key) ? 'array' : 'object'})`
}

/** A member's name, bounded like any text. */
export function shownKey(key: string): string {
  return cut('string', key, maxKeyChars).text
}

function sizeOfMap(value: object): number {
  return Reflect.get(Map.prototype, 'size', value) as number
}

function sizeOfSet(value: object): number {
  return Reflect.get(Set.prototype, 'size', value) as number
}
