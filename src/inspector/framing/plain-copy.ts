/** A copy of any value that JSON can say, of bounded size. */
import { actorIdOf } from '../value/actor-id.ts'
import { quietly } from '../value/hostile.ts'
import { getter, membersOf, shownKey } from '../value/members.ts'
import { cut, plainValueOf } from '../value/plain-value.ts'

/** Members of one copy, all levels together. */
const maxMembers = 3000
const maxDepth = 10
/** Characters of one text, and of all texts of one copy: a frame must fit into a message. */
const maxChars = 10_000
const maxTotalChars = 1_000_000

/**
 * Copies plain data. What JSON has no word for is text: `12n`, `[function f]`; maps are objects,
 * sets are lists, actors have an `id`. What is beyond the bounds is left out. Never throws, and
 * calls no getter and no `toJSON`.
 */
export function plainCopy(value: unknown): unknown {
  let left = maxMembers
  let leftChars = maxTotalChars
  const ancestors = new Set<object>()

  function copy(part: unknown, depth: number): unknown {
    if (part === null || typeof part === 'boolean') return part
    if (typeof part === 'number') return Number.isFinite(part) ? part : String(part)
    if (typeof part === 'string') return copyText(part)
    if (part === undefined) return undefined
    if (part === getter) return '[getter]'
    if (typeof part !== 'object') return textOf(part)
    const id = actorIdOf(part)
    if (id !== undefined) return { xstate$$type: 1, id }
    if (plainValueOf(part, 1) !== undefined) return textOf(part)
    if (ancestors.has(part)) return '[circle]'
    if (depth >= maxDepth) return '[deeper]'
    ancestors.add(part)
    const copied = quietly(() => copyMembers(part, depth))
    ancestors.delete(part)
    return copied
  }

  function copyText(text: string): string {
    const { text: copied, length } = cut('string', text, Math.max(1, Math.min(maxChars, leftChars)))
    leftChars -= copied.length
    return length === undefined ? copied : `${copied}…`
  }

  function copyMembers(object: object, depth: number): unknown {
    const { kind, entries } = membersOf(object)
    const isList = kind === 'array' || kind === 'set'
    const list: unknown[] = []
    const members: Record<string, unknown> = {}
    for (const [key, member] of entries()) {
      left -= 1
      if (left < 0) break
      const copied = copy(member, depth + 1)
      if (isList) list.push(copied)
      else define(members, shownKey(key), copied)
    }
    return isList ? list : members
  }

  return copy(value, 0)
}

/** `__proto__` is a name like any other. */
function define(members: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') members[key] = value
  else Object.defineProperty(members, key, { value, enumerable: true })
}

function textOf(value: unknown): string {
  const { kind, text } = plainValueOf(value, 200) ?? { kind: 'function', text: '' }
  if (kind === 'date' || kind === 'bigint') return text
  return `[${kind} ${text}]`
}
