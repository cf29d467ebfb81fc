/**
 * READ_FILE of an agent in protobuf, without the codec: it would turn the bytes into base64 and
 * back for every 64 KiB of an output, and a program that only reads outputs needs no schema.
 * Source: apache/mesos include/mesos/v1/agent/agent.proto.
 */
import { messageOf } from '../errors.ts'
import { invalidMessage } from './encoding/check.ts'
import { ProtobufSink } from './encoding/print/protobuf-sink.ts'
import { WireReader } from './encoding/scan/wire-reader.ts'

/** A part of a file, and the size of the whole file when it was read. */
export interface FilePart {
  /** May be a view of the answer. */
  readonly data: Uint8Array
  readonly size: number
}

export interface FileRange {
  readonly path: string
  readonly offset: number
  readonly length: number
}

/** `Call.type` is field 1, `Call.read_file` field 5 with `path`, `offset` and `length`. */
export function encodeReadFileCall({ path, offset, length }: FileRange): Uint8Array {
  const sink = new ProtobufSink()
  sink.longInteger(0x08, 8)
  const start = sink.openMessage(0x2a, 1)
  sink.text(0x0a, path)
  sink.longInteger(0x10, offset)
  sink.longInteger(0x18, length)
  sink.closeMessage(start, 1)
  return sink.finish()
}

/** The bytes of the answer before `data`, which is its end. */
export function encodeReadFileHead({ data, size }: FilePart): Uint8Array {
  const { length } = data
  const part = new ProtobufSink()
  part.longInteger(0x08, size)
  // The head of a field of bytes is like a number: their length.
  part.longInteger(0x12, length)
  const head = part.finish()
  const answer = new ProtobufSink()
  answer.longInteger(0x08, 7)
  answer.longInteger(0x42, head.length + length)
  return Buffer.concat([answer.finish(), head])
}

/**
 * Reads the answer: `Response.read_file` is field 8, `ReadFile.size` field 1, `ReadFile.data` field
 * 2. Throws MESSAGE_INVALID.
 */
export function decodeReadFile(answer: Uint8Array): FilePart {
  try {
    const reader = new WireReader(answer)
    while (reader.at < answer.length) {
      const tag = reader.uint32()
      if (tag === 0x42) return readPart(reader, reader.endOfNext())
      reader.skip(tag)
    }
  } catch (cause) {
    throw invalidMessage(
      'parse',
      `Not a protobuf mesos.v1.agent.Response: ${messageOf(cause)}`,
      cause,
    )
  }
  throw invalidMessage('validate', 'Expecting read_file to be present')
}

function readPart(reader: WireReader, end: number): FilePart {
  let data: Uint8Array = new Uint8Array()
  let size: number | undefined
  while (reader.at < end) {
    const tag = reader.uint32()
    if (tag === 0x08) size = Number(reader.uint64())
    else if (tag === 0x12) data = reader.bytes()
    else reader.skip(tag)
  }
  if (size === undefined || !Number.isSafeInteger(size)) throw new RangeError('no size')
  return { data, size }
}
