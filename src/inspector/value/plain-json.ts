/** Values as the JSON that they stand for, for programs. */
import type { CompoundValue, PlainValue, Value } from '../protocol/value.ts'

/** What is left of a type when its values are JSON. */
export type PlainJson<T> = T extends Value
  ? unknown
  : T extends readonly (infer Item)[]
    ? readonly PlainJson<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: PlainJson<T[Key]> }
      : T

/** Replaces each value in data by its JSON. */
export function toPlainJson<T>(data: T): PlainJson<T> {
  return plainOf(data) as PlainJson<T>
}

function plainOf(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return data
  if (Array.isArray(data)) return data.map(plainOf)
  if (isCompound(data)) return membersOf(data)
  if (isPlain(data)) return textOf(data)
  return Object.fromEntries(Object.entries(data).map(([key, part]) => [key, plainOf(part)]))
}

function isCompound(data: object): data is CompoundValue {
  return 'kind' in data && 'items' in data && 'size' in data
}

function isPlain(data: object): data is PlainValue {
  return 'kind' in data && 'text' in data
}

/** What is cut off is told in words: `… 99 more`. */
function membersOf({ kind, size, items }: CompoundValue): unknown {
  const more = size > items.length ? `… ${size - items.length} more` : undefined
  if (kind === 'array' || kind === 'set') {
    return [...items.map(([, item]) => plainOf(item)), ...(more === undefined ? [] : [more])]
  }
  const members = items.map(([key, item]) => [key, plainOf(item)] as const)
  return Object.fromEntries(more === undefined ? members : [...members, ['…', more]])
}

function textOf({ kind, text, length }: PlainValue): unknown {
  switch (kind) {
    case 'null':
      return null
    case 'boolean':
      return text === 'true'
    case 'number':
      return Number.isFinite(Number(text)) ? Number(text) : text
    case 'undefined':
      return undefined
    case 'string':
    case 'bigint':
    case 'date':
    case 'error':
    case 'bytes':
      return length === undefined ? text : `${text}… (${length} characters)`
    default:
      return `(${kind} ${text})`
  }
}
