import * as fc from 'fast-check'
import protobuf from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { JarcastError } from '../../src/errors.ts'
import { executorCodec, schedulerCodec } from '../../src/mesos/codec.ts'
import { descriptor } from '../../src/mesos/descriptor.generated.ts'
import { decodeJson } from '../../src/mesos/json-reader.ts'
import { encodeJson } from '../../src/mesos/json-writer.ts'
import { decodeProtobuf } from '../../src/mesos/protobuf-reader.ts'
import { encodeProtobuf } from '../../src/mesos/protobuf-writer.ts'
import {
  type FieldPlan,
  type MessagePlan,
  type PlainMessage,
  planOf,
} from '../../src/mesos/schema.ts'
import { parseJson, recordings, recordsOf } from './captures.ts'

const roots = [
  'mesos.v1.scheduler.Call',
  'mesos.v1.scheduler.Event',
  'mesos.v1.executor.Call',
  'mesos.v1.executor.Event',
]
const numRuns = 60

const scalars: Record<string, fc.Arbitrary<unknown>> = {
  bool: fc.boolean(),
  bytes: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  double: fc.double().map((value) => (value === 0 ? 0 : value)),
  int32: fc.integer(),
  uint32: fc.nat({ max: 2 ** 32 - 1 }),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(narrow),
  uint64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(narrow),
  string: fc.string({ unit: 'binary', maxLength: 12 }),
}

function narrow(value: bigint): number | string {
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
}

/** A message of any content that its schema allows; deeper down only what is required. */
function messageOf(plan: MessagePlan, depth = 0): fc.Arbitrary<PlainMessage> {
  const { union } = plan
  if (union === undefined) return fieldsOf(plan, plan.fields, depth)
  const [type] = plan.fields.filter((field) => field.name === 'type')
  const types = [...(type?.enumeration?.byName.keys() ?? [])]
  return fc.constantFrom(...types).chain((type) => {
    const body = union.bodies.get(type)
    const others = plan.fields.filter((field) => field.required)
    return fieldsOf(plan, others, depth).chain((common) =>
      (body ? valueOf(body, depth) : fc.constant(undefined)).map((value) => ({
        ...common,
        type,
        ...(body ? { [body.name]: value } : {}),
      })),
    )
  })
}

function fieldsOf(
  plan: MessagePlan,
  fields: readonly FieldPlan[],
  depth: number,
): fc.Arbitrary<PlainMessage> {
  const wanted = fields.filter((field) => field.required || depth < 5)
  const model = Object.fromEntries(wanted.map((field) => [field.name, valueOf(field, depth)]))
  const requiredKeys = [...plan.requiredNames]
  return fc.record(model, { requiredKeys }).map((message) => {
    for (const { name, rivals } of fields) {
      if (message[name] !== undefined) for (const rival of rivals) delete message[rival]
    }
    return { ...message }
  })
}

function valueOf(field: FieldPlan, depth: number): fc.Arbitrary<unknown> {
  const { entry } = field
  if (entry !== undefined) {
    const key = fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('__proto__', 'constructor'))
    const entries = fc.array(fc.tuple(key, valueOf(entry, depth)), { minLength: 1, maxLength: 2 })
    return entries.map((entries) => Object.fromEntries(entries) as unknown)
  }
  const one = oneOf(field, depth)
  return field.repeated ? fc.array(one, { minLength: 1, maxLength: 2 }) : one
}

function oneOf(field: FieldPlan, depth: number): fc.Arbitrary<unknown> {
  if (field.message !== undefined) return messageOf(field.message, depth + 1)
  if (field.enumeration !== undefined) return fc.constantFrom(...field.enumeration.byName.keys())
  return scalars[field.kind] ?? fc.constant(undefined)
}

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
