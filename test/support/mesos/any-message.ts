/** Messages of Mesos with any content, made from their schemas. */
import * as fc from 'fast-check'
import type { FieldPlan, MessagePlan, PlainMessage } from '../../../src/mesos/encoding/schema.ts'

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
export function messageOf(plan: MessagePlan, depth = 0): fc.Arbitrary<PlainMessage> {
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
