/** JSON of messages that come by the thousand, by readers and writers of their own; the rest by plan. */
import { JarcastError } from '../../errors.ts'
import { addMembers, decodeJson } from './json-reader.ts'
import { frequent as readers } from './json-readers.generated.ts'
import { encodeJson } from './json-writer.ts'
import { frequent as writers } from './json-writers.generated.ts'
import { JsonSink } from './print/json-sink.ts'
import { JsonScanner } from './scan/json-scanner.ts'
import { unusual } from './scan/unusual.ts'
import { planOf } from './schema.ts'
import type { MessagePlan, PlainMessage } from './schema.ts'

/** As `decodeJson`. */
export function decodeFrequentJson(
  plan: MessagePlan,
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
): PlainMessage {
  return read(plan, bytes, start, end) ?? decodeJson(plan, bytes.subarray(start, end))
}

/** As `encodeJson` without defaults. */
export function encodeFrequentJson(plan: MessagePlan, message: PlainMessage): Uint8Array {
  return write(plan, message) ?? encodeJson(plan, message)
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
  const scanner = scannerOf(bytes)
  scanner.begin(start, end)
  try {
    const message = reader(scanner)
    return scanner.at === end ? message : undefined
  } catch (error) {
    // Reading by plan finds the same error, or the one that comes first.
    if (error === unusual || error instanceof JarcastError) return undefined
    throw error
  }
}

/** The records of a chunk share its scanner, which is kept until the next chunk. */
function scannerOf(bytes: Uint8Array): JsonScanner {
  if (latest.bytes !== bytes) latest = new JsonScanner(bytes, addOthers)
  return latest
}

let latest = new JsonScanner(Buffer.alloc(0), addOthers)

function addOthers(fullName: string, message: PlainMessage, members: string): void {
  if (!addMembers(planOf(fullName), message, `{${members}}`)) throw unusual
}

function write({ fullName }: MessagePlan, message: PlainMessage): Uint8Array | undefined {
  const writer = writers[fullName]
  if (writer === undefined) return undefined
  const sink = new JsonSink()
  try {
    writer(sink, message)
    return sink.finish()
  } catch (error) {
    // Writing by plan finds the reason, if it is an error.
    if (error === unusual) return undefined
    throw error
  }
}
