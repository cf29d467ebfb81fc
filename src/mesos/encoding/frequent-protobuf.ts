/** Protobuf of messages that come by the thousand, by readers and writers of their own; the rest by plan. */
import { ProtobufSink } from './print/protobuf-sink.ts'
import { addFields, decodeProtobuf } from './protobuf-reader.ts'
import { frequent as readers } from './protobuf-readers.generated.ts'
import { encodeProtobuf } from './protobuf-writer.ts'
import { frequent as writers } from './protobuf-writers.generated.ts'
import { ProtobufScanner } from './scan/protobuf-scanner.ts'
import { unusual } from './scan/unusual.ts'
import { planOf } from './schema.ts'
import type { MessagePlan, PlainMessage } from './schema.ts'

/** As `decodeProtobuf`. */
export function decodeFrequentProtobuf(
  plan: MessagePlan,
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
): PlainMessage {
  return read(plan, bytes, start, end) ?? decodeProtobuf(plan, bytes.subarray(start, end))
}

/** As `encodeProtobuf`. */
export function encodeFrequentProtobuf(plan: MessagePlan, message: PlainMessage): Uint8Array {
  return write(plan, message) ?? encodeProtobuf(plan, message)
}

/** Undefined for a message without a reader, and for anything unusual. */
function read(
  { fullName }: MessagePlan,
  bytes: Uint8Array,
  start: number,
  end: number,
): PlainMessage | undefined {
  const reader = readers[fullName]
  if (reader === undefined) return undefined
  try {
    const scanner = scannerOf(bytes)
    scanner.begin(start, end)
    return reader(scanner, end)
  } catch (error) {
    if (error === unusual) return undefined
    throw error
  }
}

/** The records of a chunk share its scanner, which is kept until the next chunk. */
function scannerOf(bytes: Uint8Array): ProtobufScanner {
  if (latest.bytes !== bytes) latest = new ProtobufScanner(bytes, addOthers)
  return latest
}

let latest = new ProtobufScanner(Buffer.alloc(0), addOthers)

function addOthers(fullName: string, message: PlainMessage, fields: readonly Buffer[]): void {
  let isComplete = false
  try {
    isComplete = addFields(planOf(fullName), message, fields)
  } catch {
    // Reading by plan finds the same error, or the one that comes first.
  }
  if (!isComplete) throw unusual
}

function write({ fullName }: MessagePlan, message: PlainMessage): Uint8Array | undefined {
  const writer = writers[fullName]
  if (writer === undefined) return undefined
  const sink = new ProtobufSink()
  try {
    writer(sink, message)
    return sink.finish()
  } catch (error) {
    // Writing by plan finds the reason, if it is an error.
    if (error === unusual) return undefined
    throw error
  }
}
