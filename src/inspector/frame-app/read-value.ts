/** Reads described values in frames, with the bounds that they have here. */
import type { CompoundValue, PlainValue, Value } from '../protocol/value.ts'

export type Members = Readonly<Record<string, unknown>>

const plainKinds: readonly unknown[] = [
  'null',
  'undefined',
  'boolean',
  'number',
  'bigint',
  'string',
  'symbol',
  'function',
  'date',
  'error',
  'bytes',
  'actor',
  'cycle',
] satisfies readonly PlainValue['kind'][]
const compoundKinds: readonly unknown[] = [
  'object',
  'array',
  'map',
  'set',
] satisfies readonly CompoundValue['kind'][]

const maxDepth = 6
const maxItems = 100
const maxText = 1000

/** The value; one of an unknown kind is `undefined`. */
export function readValue(value: unknown, depth = 0): Value {
  if (isMembers(value) && plainKinds.includes(value['kind'])) return plainValue(value)
  if (isMembers(value) && compoundKinds.includes(value['kind'])) return compoundValue(value, depth)
  return { kind: 'undefined', text: 'undefined' }
}

function plainValue({ kind, text, length }: Members): PlainValue {
  const plain = { kind: kind as PlainValue['kind'], text: textIn(text) }
  return isCount(length) ? { ...plain, length } : plain
}

function compoundValue({ kind, name, size, items }: Members, depth: number): CompoundValue {
  const entries = depth < maxDepth ? listIn(items, maxItems) : []
  return {
    kind: kind as CompoundValue['kind'],
    ...(typeof name === 'string' && { name: textIn(name) }),
    size: isCount(size) ? size : 0,
    items: entries
      .filter((entry) => Array.isArray(entry))
      .map(([key, member]) => [textIn(key), readValue(member, depth + 1)] as const),
  }
}

export function textIn(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, maxText) : ''
}

export function listIn(value: unknown, max: number): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, max) : []
}

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
