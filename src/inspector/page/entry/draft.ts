import type { CompoundValue, Value } from '../../protocol/value.ts'
import type { Draft } from '../state/page.ts'

/** The form of an event that is here as a whole, and is JSON. */
export function draftOf(event: Value): Draft | undefined {
  const json = toJson(event)
  if (json === undefined || typeof json.value !== 'object' || json.value === null) return undefined
  const { type, ...members } = json.value as { readonly type?: unknown }
  return typeof type === 'string' ? { type, payload: JSON.stringify(members, null, 2) } : undefined
}

/** JSON of a value, or undefined where something was cut or is no JSON. */
function toJson(value: Value): { readonly value: unknown } | undefined {
  if ('items' in value) return compoundToJson(value)
  const { kind, text, length } = value
  if (length !== undefined) return undefined
  if (kind === 'string') return { value: text }
  if (kind === 'number') return Number.isFinite(Number(text)) ? { value: Number(text) } : undefined
  if (kind === 'boolean') return { value: text === 'true' }
  return kind === 'null' ? { value: null } : undefined
}

function compoundToJson(value: CompoundValue) {
  const { kind, name, size, items } = value
  if (size !== items.length || name !== undefined) return undefined
  const members: [string, unknown][] = []
  for (const [key, item] of items) {
    // JSON leaves it out too.
    if (item.kind === 'undefined' && kind === 'object') continue
    const member = toJson(item)
    if (member === undefined) return undefined
    members.push([key, member.value])
  }
  if (kind === 'object') return { value: Object.fromEntries(members) as unknown }
  return kind === 'array' ? { value: members.map(([, member]) => member) as unknown } : undefined
}
