/** A part of a value, by path. */
import { getter, keyText, membersOf } from './members.ts'
import { actorIdOf } from './actor-id.ts'
import { ownDataOf, quietly } from './hostile.ts'
import { isPersistentMap, leavesOf } from './persistent-map.ts'

/** A part; undefined if there is none at this path. */
export interface Part {
  readonly value: unknown
}

/** The keys of maps are text, as `toValue` shows them. Reads no further than into data. */
export function valueAt(root: unknown, path: readonly string[]): Part | undefined {
  let value = root
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    if (actorIdOf(value) !== undefined) return undefined
    const part = quietly(() => memberAt(value as object, key))
    if (part === undefined || part.value === getter) return undefined
    ;({ value } = part)
  }
  return { value }
}

function memberAt(value: object, key: string): Part | undefined {
  if (value instanceof Map) {
    if (value.has(key)) return { value: value.get(key) as unknown }
    for (const [found, member] of value) if (keyText(found) === key) return { value: member }
    return undefined
  }
  if (value instanceof Set || isPersistentMap(value)) {
    const entries = isPersistentMap(value) ? leavesOf(value) : membersOf(value).entries()
    for (const [found, member] of entries) if (found === key) return { value: member }
    return undefined
  }
  return Object.hasOwn(value, key) ? { value: ownDataOf(value, key) } : undefined
}
