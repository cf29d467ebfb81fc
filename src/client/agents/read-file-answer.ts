import protobuf from 'protobufjs/minimal.js'
import { messageOf } from '../../errors.ts'
import { invalidMessage } from '../../mesos/check.ts'

/** A part of a file, and the size of the whole file when it was read. */
export interface FilePart {
  /** May be a view of the answer. */
  readonly data: Uint8Array
  readonly size: number
}

/**
 * Reads the answer to READ_FILE, of a master or an agent. `decodeEvent` would turn the bytes into
 * base64 and its caller would turn them back, for every 64 KiB of an output.
 * `Response.read_file` is field 8, `ReadFile.size` field 1, `ReadFile.data` field 2.
 * Throws MESSAGE_INVALID.
 * Source: apache/mesos include/mesos/v1/agent/agent.proto.
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
