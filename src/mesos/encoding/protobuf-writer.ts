import protobuf from 'protobufjs/minimal.js'
import { assertComplete, invalidMessage, isUnset, maxDepth } from './check.ts'
import { isObject, toBase64, toInteger } from './plain.ts'
import type { IntegerKind } from './plain.ts'
import type { FieldPlan, MessagePlan, PlainMessage } from './schema.ts'
import { unknownFieldsOf } from './unknown-fields.ts'

type Writer = protobuf.Writer

/**
 * Writes one message as protobuf, fields in order of their numbers as Mesos does.
 * Throws MESSAGE_INVALID for a missing required field or a value out of range.
 */
export function encodeProtobuf(plan: MessagePlan, message: PlainMessage): Uint8Array {
  const writer = protobuf.Writer.create()
  const progress: Progress = { depth: 0, incomplete: false }
  writeMessage(writer, plan, message, progress)
  if (progress.incomplete) assertComplete(plan, message)
  return writer.finish()
}

interface Progress {
  depth: number
  incomplete: boolean
}

function writeMessage(
  writer: Writer,
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
    else writeField(writer, field, value, progress)
  }
  for (const bytes of unknownFieldsOf(message)) writer.raw(bytes)
}

function writeField(writer: Writer, field: FieldPlan, value: unknown, progress: Progress): void {
  if (field.kind === 'map') writeMap(writer, field, value, progress)
  else if (!field.repeated) writeValue(writer, field, value, progress)
  else if (!Array.isArray(value))
    throw invalidMessage('convert', `${field.wireName} must be an array`)
  else for (const item of value) writeValue(writer, field, item, progress)
}

function writeMap(writer: Writer, field: FieldPlan, value: unknown, progress: Progress): void {
  if (!isObject(value) || field.entry === undefined) throw refuse(field)
  for (const [key, item] of Object.entries(value)) {
    writer.uint32(field.tag).fork().uint32(keyTag).string(key)
    writeValue(writer, field.entry, item, progress)
    writer.ldelim()
  }
}

const keyTag = (1 << 3) | 2

function writeValue(writer: Writer, field: FieldPlan, value: unknown, progress: Progress): void {
  writer.uint32(field.tag)
  if (field.message === undefined) return writeScalar(writer, field, value)
  writer.fork()
  progress.depth += 1
  writeMessage(writer, field.message, value, progress)
  progress.depth -= 1
  writer.ldelim()
}

function writeScalar(writer: Writer, field: FieldPlan, value: unknown): void {
  const { kind } = field
  if (kind === 'string' && typeof value === 'string') writer.string(value)
  else if (kind === 'bool' && typeof value === 'boolean') writer.bool(value)
  else if (kind === 'double' && typeof value === 'number') writer.double(value)
  else if (kind === 'enum') writeEnum(writer, field, value)
  else if (kind === 'bytes') writeBytes(writer, field, value)
  else if (isInteger(kind)) writeInteger(writer, field, kind, value)
  else throw refuse(field)
}

function isInteger(kind: FieldPlan['kind']): kind is IntegerKind {
  return kind === 'int32' || kind === 'uint32' || kind === 'int64' || kind === 'uint64'
}

function writeEnum(writer: Writer, field: FieldPlan, value: unknown): void {
  const number = field.enumeration?.byName.get(value as string)
  if (number === undefined) throw refuse(field)
  writer.int32(number)
}

function writeBytes(writer: Writer, field: FieldPlan, value: unknown): void {
  const text = toBase64(value)
  if (text === undefined) throw refuse(field)
  writer.bytes(Buffer.from(text, 'base64'))
}

function writeInteger(writer: Writer, field: FieldPlan, kind: IntegerKind, value: unknown): void {
  const integer = toInteger(kind, value)
  if (integer === undefined) throw refuse(field)
  writer[kind](integer as number)
}

function refuse(field: FieldPlan): Error {
  return invalidMessage('convert', `${field.wireName} cannot hold this value`)
}
