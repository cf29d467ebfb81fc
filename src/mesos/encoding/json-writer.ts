import { assertComplete, invalidMessage, isUnset, maxDepth } from './check.ts'
import { isObject, toBase64, toInteger } from './plain.ts'
import type { FieldPlan, MessagePlan, PlainMessage } from './schema.ts'

/**
 * Writes one message in Mesos' JSON form: snake_case, fields in order of their numbers, without
 * empty lists. `writeDefaults` adds the defaults of unset fields, and keeps empty lists in answers
 * to operators, as a master or agent does. Throws MESSAGE_INVALID for a missing required field or a
 * value out of range.
 */
export function encodeJson(
  plan: MessagePlan,
  message: PlainMessage,
  writeDefaults = false,
): Uint8Array {
  const progress: Progress = { depth: 0, incomplete: false, writeDefaults }
  const text = writeMessage(plan, message, progress)
  if (progress.incomplete) assertComplete(plan, message)
  return Buffer.from(text, 'utf8')
}

interface Progress {
  readonly writeDefaults: boolean
  depth: number
  incomplete: boolean
}

function writeMessage(plan: MessagePlan, message: unknown, progress: Progress): string {
  if (!isObject(message)) throw invalidMessage('convert', `${plan.fullName} must be an object`)
  if (progress.depth > maxDepth)
    throw invalidMessage('convert', `${plan.fullName} is nested too deep`)
  let text = ''
  for (const field of plan.fields) {
    const value =
      progress.writeDefaults && isEmptyList(message[field.name]) && isOperatorAnswer(plan)
        ? '[]'
        : writeField(field, message[field.name], progress)
    if (value !== '') text += `${text === '' ? '' : ','}"${field.wireName}":${value}`
  }
  return `{${text}}`
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

function isOperatorAnswer({ fullName }: MessagePlan): boolean {
  return /^mesos\.v1\.(?:master|agent)\.Response\./u.test(fullName)
}

/** Empty for a field to leave out. */
function writeField(field: FieldPlan, value: unknown, progress: Progress): string {
  if (isUnset(value)) {
    progress.incomplete ||= field.required
    const { defaultValue } = field
    return progress.writeDefaults && defaultValue !== undefined ? JSON.stringify(defaultValue) : ''
  }
  if (field.kind === 'map') return writeMap(field, value, progress)
  if (!field.repeated) return writeValue(field, value, progress)
  if (!Array.isArray(value)) throw invalidMessage('convert', `${field.wireName} must be an array`)
  if (value.length === 0) return ''
  return `[${value.map((item) => writeValue(field, item, progress)).join(',')}]`
}

function writeMap(field: FieldPlan, value: unknown, progress: Progress): string {
  const { entry } = field
  if (!isObject(value) || entry === undefined) throw refuse(field)
  const entries = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}:${writeValue(entry, item, progress)}`,
  )
  return entries.length > 0 ? `{${entries.join(',')}}` : ''
}

function writeValue(field: FieldPlan, value: unknown, progress: Progress): string {
  if (field.message !== undefined) {
    progress.depth += 1
    const text = writeMessage(field.message, value, progress)
    progress.depth -= 1
    return text
  }
  const text = writeScalar(field, value)
  if (text === undefined) throw refuse(field)
  return text
}

function writeScalar(field: FieldPlan, value: unknown): string | undefined {
  const { kind } = field
  switch (kind) {
    case 'string':
      return typeof value === 'string' ? JSON.stringify(value) : undefined
    case 'bool':
      return typeof value === 'boolean' ? String(value) : undefined
    case 'double':
      return writeDouble(value)
    case 'enum':
      return field.enumeration?.byName.has(value as string) ? `"${String(value)}"` : undefined
    case 'bytes':
      return quoteBase64(value)
    case 'int32':
    case 'uint32':
    case 'int64':
    case 'uint64':
      // JavaScript may hold it as a string; in JSON it is a number.
      return toInteger(kind, value)?.toString()
    default:
      return undefined
  }
}

function writeDouble(value: unknown): string | undefined {
  if (typeof value !== 'number') return undefined
  if (Number.isFinite(value)) return JSON.stringify(value)
  return `"${value}"`
}

function quoteBase64(value: unknown): string | undefined {
  const text = toBase64(value)
  return text === undefined ? undefined : `"${text}"`
}

function refuse(field: FieldPlan): Error {
  return invalidMessage('convert', `${field.wireName} cannot hold this value`)
}
