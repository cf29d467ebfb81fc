/** What differs between two values. */
import type { ValueChange } from '../protocol/step.ts'
import { actorIdOf } from './actor-id.ts'
import { quietly } from './hostile.ts'
import { membersOf, shownKey } from './members.ts'
import type { Members } from './members.ts'
import { isPersistentMap } from './persistent-map.ts'
import { plainValueOf } from './plain-value.ts'
import { rowsBetween } from './persistent-map-changes.ts'
import { toValue } from './to-value.ts'
import type { ValueBounds } from './to-value.ts'

export interface ValueChanges {
  readonly changes: readonly ValueChange[]
  /** Number of all changes, also of those beyond the bound. */
  readonly count: number
}

const maxChanges = 200
const maxDepth = 12
/** Pairs that are compared. What is left then counts as changed if it is another object. */
const maxPairs = 500_000
const shown: ValueBounds = { depth: 1, items: 20, chars: 200 }
/** In place of a member that is not there. */
const missing = Symbol('missing')

/**
 * The changes of members, by path. Equal objects are not entered, nor equal parts of persistent
 * maps: of 100,000 rows only those that changed cost anything.
 */
export function changesBetween(before: unknown, after: unknown): ValueChanges {
  const changes: ValueChange[] = []
  let count = 0
  let pairs = 0

  function compare(one: unknown, other: unknown, path: readonly string[]): void {
    pairs += 1
    if (Object.is(one, other)) return
    const isEnd = path.length >= maxDepth || pairs > maxPairs
    if (isEnd || !isCompound(one) || !isCompound(other)) {
      if (quietly(() => areSame(one, other)) !== true) add(one, other, path)
      return
    }
    // An object whose members cannot be read has changed as a whole.
    const isRead = quietly(() => compareCompounds(one, other, path)) === true
    if (!isRead) add(one, other, path)
  }

  function compareCompounds(one: object, other: object, path: readonly string[]): true {
    if (isPersistentMap(one) && isPersistentMap(other)) {
      for (const [key, was, is] of rowsBetween(one, other, missing)) {
        compare(was, is, [...path, shownKey(key)])
      }
    } else compareMembers(membersOf(one), membersOf(other), path)
    return true
  }

  function compareMembers(one: Members, other: Members, path: readonly string[]): void {
    const before = new Map(one.entries())
    for (const [key, member] of other.entries()) {
      const was = before.has(key) ? before.get(key) : missing
      before.delete(key)
      compare(was, member, [...path, shownKey(key)])
    }
    for (const [key, member] of before) compare(member, missing, [...path, shownKey(key)])
  }

  function add(one: unknown, other: unknown, path: readonly string[]): void {
    count += 1
    if (changes.length >= maxChanges) return
    changes.push({
      path,
      ...(!isMissing(one) && { before: toValue(one, shown) }),
      ...(!isMissing(other) && { after: toValue(other, shown) }),
    })
  }

  compare(before, after, [])
  return { changes, count }
}

function isMissing(value: unknown): value is typeof missing {
  return value === missing
}

function isCompound(value: unknown): value is object {
  return typeof value === 'object' && value !== null && plainValueOf(value, 1) === undefined
}

/** True for two objects that stand for the same: dates, actors. */
function areSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return false
  const id = actorIdOf(one)
  if (id !== undefined) return id === actorIdOf(other)
  return one instanceof Date && other instanceof Date && one.getTime() === other.getTime()
}
