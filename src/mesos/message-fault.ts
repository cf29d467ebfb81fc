import { maxDepth } from './encoding/check.ts'
import { isObject, toBase64, toInteger } from './encoding/plain.ts'
import { planOf } from './encoding/schema.ts'
import type { FieldPlan, MessagePlan } from './encoding/schema.ts'

/**
 * Why a value of a user is not this message, with the path of the field; undefined if it is.
 * Stricter than the codecs: unknown fields are faults, since most are typing errors.
 */
export function findMessageFault(
  fullName: string,
  value: unknown,
  path: string,
): string | undefined {
  return messageFault(planOf(fullName), value, path, 0)
}

function messageFault(
  plan: MessagePlan,
  value: unknown,
  path: string,
  depth: number,
): string | undefined {
  if (!isObject(value)) return `${path} must be an object`
  if (depth > maxDepth) return `${path} is nested too deep`
  const names = plan.fields.map(({ name }) => name)
  const unknown = Object.keys(value).find((name) => !names.includes(name))
  if (unknown !== undefined) {
    return `${path}.${unknown} is none of the fields of ${plan.fullName}: ${names.join(', ')}`
  }
  const missing = plan.requiredNames.find((name) => value[name] === undefined)
  if (missing !== undefined) return `${path}.${missing} is missing`
  for (const field of plan.fields) {
    const own = value[field.name]
    const fault =
      own === undefined ? undefined : fieldFault(field, own, `${path}.${field.name}`, depth)
    if (fault !== undefined) return fault
  }
  return undefined
}

function fieldFault(
  field: FieldPlan,
  value: unknown,
  path: string,
  depth: number,
): string | undefined {
  if (!field.repeated) return oneFault(field, value, path, depth)
  if (!Array.isArray(value)) return `${path} must be a list`
  return firstFault(value.entries(), (item, index) =>
    oneFault(field, item, `${path}[${index}]`, depth),
  )
}

function oneFault(
  field: FieldPlan,
  value: unknown,
  path: string,
  depth: number,
): string | undefined {
  const { kind, message, enumeration, entry } = field
  switch (kind) {
    case 'message':
      return message === undefined ? undefined : messageFault(message, value, path, depth + 1)
    case 'map':
      if (!isObject(value)) return `${path} must be an object`
      return firstFault(Object.entries(value), (item, key) =>
        entry === undefined ? undefined : oneFault(entry, item, `${path}.${key}`, depth),
      )
    case 'enum':
      return typeof value === 'string' && enumeration?.byName.has(value)
        ? undefined
        : `${path} must be one of ${[...(enumeration?.byName.keys() ?? [])].join(', ')}`
    case 'bool':
      return typeof value === 'boolean' ? undefined : `${path} must be true or false`
    case 'string':
      return typeof value === 'string' ? undefined : `${path} must be a text`
    case 'bytes':
      return toBase64(value) === undefined ? `${path} must be bytes in base64` : undefined
    case 'double':
      return Number.isFinite(value) ? undefined : `${path} must be a number`
    case 'int32':
    case 'int64':
    case 'uint32':
    case 'uint64':
      return isInteger(value) && toInteger(kind, value) !== undefined
        ? undefined
        : `${path} must be a whole number (${kind})`
  }
}

/** The codecs truncate fractions, as Mesos does. */
function isInteger(value: unknown): boolean {
  return Number.isInteger(value) || (typeof value === 'string' && /^-?\d+$/.test(value))
}

function firstFault<Key>(
  entries: Iterable<readonly [Key, unknown]>,
  find: (value: unknown, key: Key) => string | undefined,
): string | undefined {
  for (const [key, value] of entries) {
    const fault = find(value, key)
    if (fault !== undefined) return fault
  }
  return undefined
}
