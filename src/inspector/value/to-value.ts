/** Anything as a value of bounded size. */
import type { CompoundValue, PlainValue, Value } from '../protocol/value.ts'
import { getter, membersOf, shownKey } from './members.ts'
import { plainValueOf } from './plain-value.ts'

export interface ValueBounds {
  /** Levels of members that are shown. Default 2. */
  readonly depth?: number
  /** Members of one object that are shown. Default 100. */
  readonly items?: number
  /** Characters of one text that are shown. Default 1,000. */
  readonly chars?: number
  /** Members of `value` that are left out at its beginning. Default 0. */
  readonly skip?: number
}

/** Values in one answer, beside the bounds: 100 members of 100 members each are 10,000. */
const maxValues = 5000
const maxTotalChars = 400_000
const maxMs = 500

/**
 * Describes a value: cycles by the path to the object that they repeat, actors by id, getters
 * without calling them. Never throws, and takes at most half a second: what is left then has no items.
 */
export function toValue(value: unknown, bounds: ValueBounds = {}): Value {
  const { depth = 2, items = 100, chars = 1000, skip = 0 } = bounds
  const stopAt = performance.now() + maxMs
  const ancestors = new Map<object, string>()
  let leftValues = maxValues
  let leftChars = maxTotalChars

  function describe(part: unknown, level: number, path: string): Value {
    leftValues -= 1
    if (part === getter) return { kind: 'function', text: 'getter' }
    const plain = plainValueOf(part, Math.max(1, Math.min(chars, leftChars)))
    if (plain !== undefined) return counted(plain)
    const object = part as object
    const cycle = ancestors.get(object)
    if (cycle !== undefined) return { kind: 'cycle', text: cycle }
    ancestors.set(object, path)
    try {
      return compound(object, level, path)
    } finally {
      ancestors.delete(object)
    }
  }

  function compound(object: object, level: number, path: string): CompoundValue {
    const { entries, ...members } = membersOf(object)
    const shown: (readonly [string, Value])[] = []
    if (level <= 0) return { ...members, items: shown }
    let left = path === '' ? skip : 0
    try {
      for (const [key, member] of entries()) {
        if (left-- > 0) continue
        if (shown.length >= items || isSpent()) break
        const text = shownKey(key)
        shown.push([text, describe(member, level - 1, path === '' ? text : `${path}.${text}`)])
      }
    } catch {
      // A trap of a proxy: what was read before it is shown.
    }
    return { ...members, items: shown }
  }

  function counted(plain: PlainValue): PlainValue {
    leftChars -= plain.text.length
    return plain
  }

  function isSpent(): boolean {
    if (leftValues <= 0 || leftChars <= 0) return true
    return leftValues % 64 === 0 && performance.now() > stopAt
  }

  return describe(value, depth, '')
}
