import * as fc from 'fast-check'
import protobuf from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { JarcastError } from '../../../src/errors.ts'
import { executorCodec, schedulerCodec } from '../../../src/mesos/codec.ts'
import { descriptor } from '../../../src/mesos/encoding/descriptor.generated.ts'
import { decodeJson } from '../../../src/mesos/encoding/json-reader.ts'
import { encodeJson } from '../../../src/mesos/encoding/json-writer.ts'
import { decodeProtobuf } from '../../../src/mesos/encoding/protobuf-reader.ts'
import { encodeProtobuf } from '../../../src/mesos/encoding/protobuf-writer.ts'
import { type PlainMessage, planOf } from '../../../src/mesos/encoding/schema.ts'
import { messageOf } from '../../support/mesos/any-message.ts'
import { parseJson, recordings, recordsOf } from '../captures.ts'

const roots = [
  'mesos.v1.scheduler.Call',
  'mesos.v1.scheduler.Event',
  'mesos.v1.executor.Call',
  'mesos.v1.executor.Event',
]
const numRuns = 60

describe.each(roots)('%s', (name) => {
  const plan = planOf(name)
  const messages = messageOf(plan)

  it('comes back from protobuf as it was', () => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(decodeProtobuf(plan, encodeProtobuf(plan, message))).toEqual(message)
      }),
      { numRuns },
    )
  })

  it('comes back from JSON as it was', () => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(decodeJson(plan, encodeJson(plan, message))).toEqual(message)
      }),
      { numRuns },
    )
  })

  it('has the bytes that the reflection of protobufjs writes', () => {
    const type = protobuf.Root.fromJSON(descriptor).lookupType(name)
    fc.assert(
      fc.property(messages, (message) => {
        const snake = parseJson(encodeJson(plan, message)) as PlainMessage
        // The peer is not asked for what it cannot do: exact 64 bit JSON numbers, keys such as __proto__.
        fc.pre(!/\d{16}|__proto__|constructor/u.test(JSON.stringify(snake)))
        const theirs = type.encode(type.fromObject(snake)).finish()
        expect(Buffer.from(encodeProtobuf(plan, message)).equals(theirs)).toBe(true)
      }),
      { numRuns },
    )
  })
})

describe('decoding garbage', () => {
  const codecs = [schedulerCodec, executorCodec].flatMap((create) => [
    create('application/json'),
    create('application/x-protobuf'),
  ])

  function expectAnswer(bytes: Uint8Array): void {
    for (const decode of codecs.flatMap((codec) => [codec.decodeCall, codec.decodeEvent])) {
      try {
        decode(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(JarcastError)
        expect(error).toMatchObject({ code: 'MESSAGE_INVALID' })
      }
    }
  }

  it('fails with MESSAGE_INVALID only', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), expectAnswer))
    fc.assert(fc.property(fc.json(), (text) => expectAnswer(Buffer.from(text))))
  })

  it('survives recorded messages with bytes changed and cut', () => {
    const records = recordings.flatMap(({ name, encoding }) => recordsOf(name, encoding))
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 })
    fc.assert(
      fc.property(fc.constantFrom(...records), changes, fc.nat(), (record, changes, cut) => {
        const bytes = Uint8Array.from(record)
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        expectAnswer(cut % 3 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes)
      }),
      { numRuns: 500 },
    )
  })
})
