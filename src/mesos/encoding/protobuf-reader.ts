import { assertComplete, invalidMessage, maxDepth, settle } from './check.ts'
import type { Doubts } from './check.ts'
import { setEntry } from './plain.ts'
import { WireReader } from './scan/wire-reader.ts'
import type { FieldPlan, MessagePlan, PlainMessage } from './schema.ts'
import { keepUnknown } from './unknown-fields.ts'

/**
 * Reads one protobuf message into plain data. Drops unknown values of optional enums, keeps unknown
 * fields hidden for encoding again, merges a singular message that comes twice, and accepts packed
 * numbers. Throws MESSAGE_INVALID only. Source: protobuf encoding guide, proto2.
 */
export function decodeProtobuf(plan: MessagePlan, bytes: Uint8Array): PlainMessage {
  const doubts: Doubts = { found: false }
  const message: PlainMessage = {}
  try {
    readMessage(new WireReader(bytes), bytes.length, plan, message, { doubts, depth: 0 })
  } catch (cause) {
    throw invalidMessage('parse', `Not a protobuf ${plan.fullName}`, cause)
  }
  if (doubts.found) assertComplete(plan, message)
  return message
}

/**
 * Adds fields, each with its tag, to a message. Returns false if a part of it may be missing: then the
 * whole message has to be read again. Throws RangeError for what is no protobuf.
 */
export function addFields(
  plan: MessagePlan,
  message: PlainMessage,
  fields: readonly Buffer[],
): boolean {
  const progress: Progress = { doubts: { found: false }, depth: 0 }
  for (const field of fields) {
    readMessage(new WireReader(field), field.length, plan, message, progress)
  }
  return !progress.doubts.found
}

interface Progress {
  readonly doubts: Doubts
  depth: number
}

function readMessage(
  reader: WireReader,
  end: number,
  plan: MessagePlan,
  target: PlainMessage,
  progress: Progress,
): void {
  if (progress.depth > maxDepth) throw new RangeError('nested too deep')
  while (reader.at < end) {
    const start = reader.at
    const tag = reader.uint32()
    const field = plan.byId[tag >>> 3]
    if (tag === field?.tag) readField(reader, field, plan, target, progress)
    else if (field?.repeated && field.wireType !== 2 && (tag & 7) === 2)
      readPacked(reader, field, target)
    else skipUnknown(reader, tag, start, target)
  }
  if (reader.at !== end) throw new RangeError('field longer than its message')
  settle(plan, target, progress.doubts)
}

function skipUnknown(reader: WireReader, tag: number, start: number, target: PlainMessage): void {
  reader.skip(tag)
  keepUnknown(target, reader.since(start))
}

function readField(
  reader: WireReader,
  field: FieldPlan,
  plan: MessagePlan,
  target: PlainMessage,
  progress: Progress,
): void {
  if (field.kind === 'map') readEntry(reader, field, target, progress)
  else if (field.kind === 'enum') readEnum(reader, field, plan, target)
  else put(field, target, readValue(reader, field, target[field.name], progress))
}

function put(field: FieldPlan, target: PlainMessage, value: unknown): void {
  if (field.repeated) {
    const list = target[field.name] as unknown[] | undefined
    if (list === undefined) target[field.name] = [value]
    else list.push(value)
    return
  }
  target[field.name] = value
  for (const rival of field.rivals) delete target[rival]
}

/** An unknown number leaves the field unset; an open union keeps it as `unknownType`. */
function readEnum(
  reader: WireReader,
  field: FieldPlan,
  plan: MessagePlan,
  target: PlainMessage,
): void {
  const number = reader.int32()
  const name = field.enumeration?.byNumber.get(number)
  if (name !== undefined) put(field, target, name)
  else if (plan.union?.keepsUnknown && field.name === 'type') target['unknownType'] = String(number)
}

function readEntry(
  reader: WireReader,
  field: FieldPlan,
  target: PlainMessage,
  progress: Progress,
): void {
  const { entry } = field
  if (entry === undefined) return
  const end = reader.endOfNext()
  let key = ''
  let value: unknown
  while (reader.at < end) {
    const tag = reader.uint32()
    if (tag === keyTag) key = reader.string()
    else if (tag === entry.tag) value = readValue(reader, entry, value, progress)
    else reader.skip(tag)
  }
  if (reader.at !== end) throw new RangeError('field longer than its entry')
  const map = (target[field.name] ??= {}) as PlainMessage
  setEntry(map, key, value ?? (entry.message ? {} : ''))
  // An entry may lack its value: then its message may lack required fields.
  if (value === undefined) progress.doubts.found = true
}

const keyTag = (1 << 3) | 2

function readPacked(reader: WireReader, field: FieldPlan, target: PlainMessage): void {
  const end = reader.endOfNext()
  while (reader.at < end) {
    if (field.kind !== 'enum') put(field, target, readScalar(reader, field))
    else {
      const name = field.enumeration?.byNumber.get(reader.int32())
      if (name !== undefined) put(field, target, name)
    }
  }
  if (reader.at !== end) throw new RangeError('number longer than its list')
}

function readValue(
  reader: WireReader,
  field: FieldPlan,
  present: unknown,
  progress: Progress,
): unknown {
  if (field.message === undefined) return readScalar(reader, field)
  const child = (field.repeated ? undefined : (present as PlainMessage | undefined)) ?? {}
  const end = reader.endOfNext()
  progress.depth += 1
  readMessage(reader, end, field.message, child, progress)
  progress.depth -= 1
  return child
}

function readScalar(reader: WireReader, field: FieldPlan): unknown {
  switch (field.kind) {
    case 'string':
      return reader.string()
    case 'double':
      return reader.double()
    case 'bool':
      return reader.bool()
    case 'int32':
      return reader.int32()
    case 'uint32':
      return reader.uint32()
    case 'int64':
      return reader.int64()
    case 'uint64':
      return reader.uint64()
    case 'bytes':
      return reader.base64()
    default:
      throw new RangeError(`${field.wireName} is no scalar`)
  }
}
