import { assertComplete, invalidMessage, isUnset, maxDepth } from './check.ts'
import { isObject, toBase64, toInteger } from './plain.ts'
import type { IntegerKind } from './plain.ts'
import { ProtobufSink } from './print/protobuf-sink.ts'
import type { FieldPlan, MessagePlan, PlainMessage } from './schema.ts'
import { unknownFieldsOf } from './unknown-fields.ts'

/**
 * Writes one message as protobuf, fields in order of their numbers as Mesos does.
 * Throws MESSAGE_INVALID for a missing required field or a value out of range.
 */
export function encodeProtobuf(plan: MessagePlan, message: PlainMessage): Uint8Array {
  const sink = new ProtobufSink()
  const progress: Progress = { depth: 0, incomplete: false }
  writeMessage(sink, plan, message, progress)
  if (progress.incomplete) assertComplete(plan, message)
  return sink.finish()
}

interface Progress {
  depth: number
  incomplete: boolean
}

function writeMessage(
  sink: ProtobufSink,
  plan: MessagePlan,
  message: unknown,
  progress: Progress,
): void {
  if (!isObject(message)) throw invalidMessage('convert', `${plan.fullName} must be an object`)
  if (progress.depth > maxDepth)
    throw invalidMessage('convert', `${plan.fullName} is nested too deep`)
  for (const field of plan.fields) {
    const value = message[field.name]
    if (isUnset(value)) progress.incomplete ||= field.required
    else writeField(sink, field, value, progress)
  }
  for (const bytes of unknownFieldsOf(message)) sink.raw(bytes)
}

function writeField(
  sink: ProtobufSink,
  field: FieldPlan,
  value: unknown,
  progress: Progress,
): void {
  if (field.kind === 'map') writeMap(sink, field, value, progress)
  else if (!field.repeated) writeValue(sink, field, value, progress)
  else if (!Array.isArray(value))
    throw invalidMessage('convert', `${field.wireName} must be an array`)
  else for (const item of value) writeValue(sink, field, item, progress)
}

function writeMap(sink: ProtobufSink, field: FieldPlan, value: unknown, progress: Progress): void {
  if (!isObject(value) || field.entry === undefined) throw refuse(field)
  for (const [key, item] of Object.entries(value)) {
    const start = sink.openMessage(field.tag, 1)
    sink.text(keyTag, key)
    writeValue(sink, field.entry, item, progress)
    sink.closeMessage(start, 1)
  }
}

const keyTag = (1 << 3) | 2

function writeValue(
  sink: ProtobufSink,
  field: FieldPlan,
  value: unknown,
  progress: Progress,
): void {
  if (field.message === undefined) return writeScalar(sink, field, value)
  const start = sink.openMessage(field.tag, 1)
  progress.depth += 1
  writeMessage(sink, field.message, value, progress)
  progress.depth -= 1
  sink.closeMessage(start, 1)
}

function writeScalar(sink: ProtobufSink, field: FieldPlan, value: unknown): void {
  const { kind } = field
  if (kind === 'string' && typeof value === 'string') sink.text(field.tag, value)
  else if (kind === 'bool' && typeof value === 'boolean') sink.bool(field.tag, value)
  else if (kind === 'double' && typeof value === 'number') sink.double(field.tag, value)
  else if (kind === 'enum') writeEnum(sink, field, value)
  else if (kind === 'bytes') writeBytes(sink, field, value)
  else if (isInteger(kind)) writeInteger(sink, field, kind, value)
  else throw refuse(field)
}

function isInteger(kind: FieldPlan['kind']): kind is IntegerKind {
  return kind === 'int32' || kind === 'uint32' || kind === 'int64' || kind === 'uint64'
}

function writeEnum(sink: ProtobufSink, field: FieldPlan, value: unknown): void {
  const number = field.enumeration?.byName.get(value as string)
  if (number === undefined) throw refuse(field)
  sink.longInteger(field.tag, number)
}

function writeBytes(sink: ProtobufSink, field: FieldPlan, value: unknown): void {
  const text = toBase64(value)
  if (text === undefined) throw refuse(field)
  sink.base64(field.tag, text)
}

function writeInteger(
  sink: ProtobufSink,
  field: FieldPlan,
  kind: IntegerKind,
  value: unknown,
): void {
  const integer = toInteger(kind, value)
  if (integer === undefined) throw refuse(field)
  sink.longInteger(field.tag, integer)
}

function refuse(field: FieldPlan): Error {
  return invalidMessage('convert', `${field.wireName} cannot hold this value`)
}
