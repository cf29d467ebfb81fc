import { assertComplete, invalidMessage, isUnset, maxDepth, settle } from './check.ts'
import type { Doubts } from './check.ts'
import { quoteLongIntegers } from './long-integers.ts'
import { isObject, setEntry, toBase64, toDouble, toInteger } from './plain.ts'
import { bytesOf } from './scan/bytes.ts'
import type { FieldPlan, MessagePlan, PlainMessage } from './schema.ts'

/**
 * Reads one message in Mesos' JSON form into plain data. As Mesos does: ignores unknown fields,
 * reads null as unset, drops unknown values of optional enums, accepts numbers and booleans as
 * strings, and one value in place of a list. Throws MESSAGE_INVALID only. Source: apache/mesos
 * 3rdparty/stout/include/stout/protobuf.hpp.
 */
export function decodeJson(plan: MessagePlan, bytes: Uint8Array): PlainMessage {
  const raw = parse(bytesOf(bytes).toString('utf8'))
  if (!isObject(raw)) throw invalidMessage('convert', 'Expecting a JSON object')
  const progress: Progress = { doubts: { found: false }, depth: 0 }
  const message = readMessage(plan, raw, progress)
  if (progress.doubts.found) assertComplete(plan, message)
  return message
}

/**
 * Adds the members of a JSON object to a message. Returns false if a part of it may be missing: then
 * the whole message has to be read again. Throws MESSAGE_INVALID.
 */
export function addMembers(plan: MessagePlan, message: PlainMessage, json: string): boolean {
  const progress: Progress = { doubts: { found: false }, depth: 0 }
  readMembers(plan, parse(json) as PlainMessage, message, progress)
  return !progress.doubts.found
}

interface Progress {
  readonly doubts: Doubts
  depth: number
}

function parse(text: string): unknown {
  try {
    return JSON.parse(quoteLongIntegers(text))
  } catch (cause) {
    throw invalidMessage('parse', 'Not JSON', cause)
  }
}

function readMessage(plan: MessagePlan, raw: PlainMessage, progress: Progress): PlainMessage {
  if (progress.depth > maxDepth)
    throw invalidMessage('convert', `${plan.fullName} is nested too deep`)
  const message: PlainMessage = {}
  readMembers(plan, raw, message, progress)
  settle(plan, message, progress.doubts)
  return message
}

function readMembers(
  plan: MessagePlan,
  raw: PlainMessage,
  message: PlainMessage,
  progress: Progress,
): void {
  for (const field of plan.fields) {
    const value = raw[field.wireName]
    if (!isUnset(value)) readField(field, value, plan, message, progress)
  }
}

function readField(
  field: FieldPlan,
  raw: unknown,
  plan: MessagePlan,
  message: PlainMessage,
  progress: Progress,
): void {
  const value = field.repeated
    ? readList(field, raw, progress)
    : field.kind === 'map'
      ? readMap(field, raw, progress)
      : readValue(field, raw, progress)
  if (value !== undefined) {
    message[field.name] = value
    for (const rival of field.rivals) delete message[rival]
  } else if (plan.union?.keepsUnknown && field.name === 'type') {
    message['unknownType'] = String(raw)
  }
}

function readList(field: FieldPlan, raw: unknown, progress: Progress): unknown[] | undefined {
  const list = Array.isArray(raw) ? raw : [raw]
  const values: unknown[] = []
  for (const item of list) {
    const value = isUnset(item) ? undefined : readValue(field, item, progress)
    if (value !== undefined) values.push(value)
  }
  return values.length > 0 ? values : undefined
}

function readMap(field: FieldPlan, raw: unknown, progress: Progress): PlainMessage | undefined {
  if (!isObject(raw) || field.entry === undefined) throw refuse(field, raw)
  const map: PlainMessage = {}
  for (const [key, item] of Object.entries(raw)) {
    if (!isUnset(item)) setEntry(map, key, readValue(field.entry, item, progress))
  }
  return Object.keys(map).length > 0 ? map : undefined
}

/** Undefined for an unknown enum value. */
function readValue(field: FieldPlan, raw: unknown, progress: Progress): unknown {
  if (field.message !== undefined) {
    if (!isObject(raw)) throw refuse(field, raw)
    progress.depth += 1
    const message = readMessage(field.message, raw, progress)
    progress.depth -= 1
    return message
  }
  if (field.kind === 'enum') return readEnum(field, raw)
  const value = readScalar(field, raw)
  if (value === undefined) throw refuse(field, raw)
  return value
}

function readEnum(field: FieldPlan, raw: unknown): string | undefined {
  if (typeof raw !== 'string') throw refuse(field, raw)
  if (field.enumeration?.byName.has(raw)) return raw
  if (field.required) throw invalidMessage('convert', `Failed to find enum for '${raw}'`)
  return undefined
}

function readScalar(field: FieldPlan, raw: unknown): unknown {
  const { kind } = field
  switch (kind) {
    case 'string':
      return typeof raw === 'string' ? raw : undefined
    case 'bool':
      return raw === 'true'
        ? true
        : raw === 'false'
          ? false
          : typeof raw === 'boolean'
            ? raw
            : undefined
    case 'double':
      return toDouble(raw)
    case 'int32':
    case 'uint32':
    case 'int64':
    case 'uint64':
      return toInteger(kind, raw)
    case 'bytes':
      return toBase64(raw)
    default:
      return undefined
  }
}

function refuse(field: FieldPlan, raw: unknown): Error {
  const kind = raw === null ? 'null' : Array.isArray(raw) ? 'array' : typeof raw
  return invalidMessage('convert', `Not expecting a JSON ${kind} for field '${field.wireName}'`)
}
