/** Messages with readers of their own are read as by plan, whatever the bytes. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeJson } from '../../../src/mesos/encoding/json-writer.ts'
import { decodeFrequentJson } from '../../../src/mesos/encoding/frequent-json.ts'
import { decodeFrequentProtobuf } from '../../../src/mesos/encoding/frequent-protobuf.ts'
import { decodeJson } from '../../../src/mesos/encoding/json-reader.ts'
import { frequent as jsonReaders } from '../../../src/mesos/encoding/json-readers.generated.ts'
import { decodeProtobuf } from '../../../src/mesos/encoding/protobuf-reader.ts'
import { frequent as protobufReaders } from '../../../src/mesos/encoding/protobuf-readers.generated.ts'
import { encodeProtobuf } from '../../../src/mesos/encoding/protobuf-writer.ts'
import { JsonScanner } from '../../../src/mesos/encoding/scan/json-scanner.ts'
import { ProtobufScanner } from '../../../src/mesos/encoding/scan/protobuf-scanner.ts'
import { planOf } from '../../../src/mesos/encoding/schema.ts'
import type { MessagePlan, PlainMessage } from '../../../src/mesos/encoding/schema.ts'
import { messageOf } from '../../support/mesos/any-message.ts'
import { type Encoding, encodings, recordsOf, streamNames } from '../captures.ts'

const codecs = {
  json: { read: decodeFrequentJson, byPlan: decodeJson, write: encodeJson },
  protobuf: { read: decodeFrequentProtobuf, byPlan: decodeProtobuf, write: encodeProtobuf },
}
const eventPlan = planOf('mesos.v1.scheduler.Event')
const schedulerStreams = streamNames.filter((name) => name !== 'executor')

type Read = (plan: MessagePlan, bytes: Uint8Array) => PlainMessage

/** Reads `bytes` between others that look like parts of a message. */
function amid(read: (typeof codecs)[Encoding]['read'], around: readonly Uint8Array[]): Read {
  const [before, after] = around as [Uint8Array, Uint8Array]
  return (plan, bytes) =>
    read(plan, Buffer.concat([before, bytes, after]), before.length, before.length + bytes.length)
}

/** The message, or the error. */
function outcome(read: Read, plan: MessagePlan, bytes: Uint8Array): unknown {
  try {
    return read(plan, bytes)
  } catch (error) {
    const { code, message, details } = error as { code: string; message: string; details: unknown }
    return { code, message, details }
  }
}

function expectSame(encoding: Encoding, plan: MessagePlan, bytes: Uint8Array): void {
  const { read, byPlan } = codecs[encoding]
  const expected = outcome(byPlan, plan, bytes)
  expect(outcome(read, plan, bytes)).toStrictEqual(expected)
  for (const around of [
    [Buffer.from('{"a'), Buffer.from('}34\n{"type"')],
    [Buffer.of(10, 2), Buffer.of(8, 1, 0, 0, 0, 0, 0, 0, 0)],
  ])
    expect(outcome(amid(read, around), plan, bytes)).toStrictEqual(expected)
}

/** Fails if the event is left to reading by plan. */
function readAlone(encoding: Encoding, record: Uint8Array): PlainMessage | undefined {
  const noOthers = (fullName: string) => expect.fail(`${fullName} has other fields`)
  return encoding === 'json'
    ? jsonReaders[eventPlan.fullName]?.(new JsonScanner(record, noOthers))
    : protobufReaders[eventPlan.fullName]?.(new ProtobufScanner(record, noOthers), record.length)
}

describe.each(encodings)('a reader of one message from %s', (encoding) => {
  const { byPlan, write } = codecs[encoding]
  const records = schedulerStreams.flatMap((name) => recordsOf(name, encoding))

  it('reads all recorded OFFERS and UPDATEs without the plan', () => {
    const events = records.filter((record) =>
      ['OFFERS', 'UPDATE'].includes(String(byPlan(eventPlan, record)['type'])),
    )
    expect(events.length).toBeGreaterThan(10)
    for (const record of events) {
      expect(readAlone(encoding, record)).toStrictEqual(byPlan(eventPlan, record))
    }
  })

  it.each(Object.keys(jsonReaders))('reads any %s as by plan', (fullName) => {
    const plan = planOf(fullName)
    fc.assert(
      fc.property(messageOf(plan), (message) => expectSame(encoding, plan, write(plan, message))),
      { numRuns: 12 },
    )
  })

  it('reads recorded events with bytes changed and cut as by plan', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 })
    fc.assert(
      fc.property(fc.constantFrom(...records), changes, fc.nat(), (record, changes, cut) => {
        const bytes = Buffer.from(record)
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        expectSame(
          encoding,
          eventPlan,
          cut % 5 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes,
        )
      }),
      { numRuns: 500 },
    )
  })
})

describe('a reader of one message from JSON', () => {
  const plan = planOf('mesos.v1.TaskStatus')
  const status = (text: string) =>
    Buffer.from(`{"task_id":{"value":"t"},"state":"TASK_LOST"${text}}`)

  it.each([
    ',"timestamp":1e3',
    ',"timestamp":-1.5',
    ',"timestamp":-0',
    ',"timestamp":01',
    ',"timestamp":1.',
    ',"timestamp":.5',
    ',"timestamp":1795360675.0736912345',
    ',"timestamp":12345678901234567890',
    ',"timestamp":"NaN"',
    ',"timestamp":0.1',
    ',"timestamp":0',
    ',"healthy":"true"',
    ',"healthy":trux',
    ',"healthy":null',
    ',"message":"größe \\u00e9 \\" \\ud83d \u2713"',
    ',"message":"tab\t"',
    ',"message":"open',
    ',"uuid":"AAA"',
    ',"uuid":"AA=="',
    ',"uuid":"=AAA"',
    ',"uuid":"AA==AA=="',
    ',"uuid":"A*A="',
    ',"reason":"REASON_OF_TOMORROW"',
    ',"source":7',
    ',"labels":{"labels":{"key":"k"}}',
    ',"labels":{"labels":[]}',
    ',"labels":{"labels":[null]}',
    ',"container_status":{"executor_pid":4294967296}',
    ',"container_status":{"executor_pid":1.0}',
    ',"container_status":{"executor_pid":1.5}',
    ',"unknown":{"a":[1,"}",{"b":"\\""}]},"message":"after"',
    ',"unknown":01',
    ',"unknown":"\\x"',
    ',"unknown"',
    ',"__proto__":{"message":"m"}',
    ',"check_status":{"type":"HTTP","http":{"status_code":200}}',
    ',"check_status":{"type":"HTTP","http":[]}',
    ',"limitation":{"resources":[{}]}',
    ',"message" : "spaces"',
    ', "message":"m"',
    ',"message":"m","message":"n"',
    ',"message" :"m","message":"n"',
    ',"m\\u0065ssage":"m","message":"n"',
    ',"message":"m","m\\u0065ssage":null',
    ',"größe":1,"message":"m"',
    ',',
    ',,"message":"m"',
    '}',
    ' ',
  ])('reads as by plan: %j', (text) => {
    expectSame('json', plan, status(text))
  })

  it('limits the depth of containers', () => {
    const depth = 100_000
    const text = `{"value":"c","parent":`.repeat(depth) + '{"value":"c"}' + '}'.repeat(depth)
    expectSame('json', planOf('mesos.v1.ContainerID'), Buffer.from(text))
  })

  it.each([
    ['hosts', (index: number) => `${index}.example`],
    ['ids', (index: number) => `21a67ebc-016b-4c66-9bc2-14442ac5eb09-S${index}`],
    ['short texts', (index: number) => index.toString(36)],
    ['texts with zeros', (index: number) => '\0'.repeat(index % 70) + 'a'.repeat(index % 7)],
    ['texts of any length', (index: number) => 'é'.repeat(index % 40) + 'a'.repeat(index % 70)],
  ])('keeps %s apart', (_, textOf) => {
    const names = Array.from({ length: 6_000 }, (_, index) => textOf(index))
    const read = names.map((value) =>
      decodeFrequentJson(planOf('mesos.v1.AgentID'), Buffer.from(JSON.stringify({ value }))),
    )
    expect(read).toEqual(names.map((value) => ({ value })))
  })
})
