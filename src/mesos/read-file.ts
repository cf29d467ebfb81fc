/**
 * READ_FILE of an agent in protobuf, without the codec: it would turn the bytes into base64 and
 * back for every 64 KiB of an output, and a program that only reads outputs needs no schema.
 * Source: apache/mesos include/mesos/v1/agent/agent.proto.
 */
import protobuf from 'protobufjs/minimal.js'
import { messageOf } from '../errors.ts'
import { invalidMessage } from './encoding/check.ts'

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
  const writer = protobuf.Writer.create().uint32(0x08).int32(8).uint32(0x2a).fork()
  writer.uint32(0x0a).string(path).uint32(0x10).uint64(offset).uint32(0x18).uint64(length)
  return writer.ldelim().finish()
}

/** The bytes of the answer before `data`, which is its end. */
export function encodeReadFileHead({ data, size }: FilePart): Uint8Array {
  const { length } = data
  const part = protobuf.Writer.create().uint32(0x08).uint64(size).uint32(0x12).uint32(length)
  const head = part.finish()
  const answer = protobuf.Writer.create().uint32(0x08).int32(7).uint32(0x42)
  return Buffer.concat([answer.uint32(head.length + length).finish(), head])
}

/**
 * Reads the answer: `Response.read_file` is field 8, `ReadFile.size` field 1, `ReadFile.data` field
 * 2. Throws MESSAGE_INVALID.
 */
export function decodeReadFile(answer: Uint8Array): FilePart {
  try {
    const reader = protobuf.Reader.create(answer)
    while (reader.pos < answer.length) {
      const tag = reader.uint32()
      if (tag === 0x42) return readPart(reader, reader.uint32() + reader.pos)
      reader.skipType(tag & 7)
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

function readPart(reader: protobuf.Reader, end: number): FilePart {
  let data: Uint8Array = new Uint8Array()
  let size: number | undefined
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === 0x08) size = Number(reader.uint64())
    else if (tag === 0x12) data = reader.bytes()
    else reader.skipType(tag & 7)
  }
  if (size === undefined || !Number.isSafeInteger(size)) throw new RangeError('no size')
  return { data, size }
}
