import { describe, expect, it } from 'vitest'
import { decodeMessage, encodeMessage } from '../../../src/mesos/codec.ts'
import { quoteLongIntegers } from '../../../src/mesos/encoding/long-integers.ts'
import type { MesosMessages } from '../../../src/mesos/types.generated.ts'
import { parseJson, toBytes } from '../captures.ts'

const json = 'application/json'

function decode<Name extends keyof MesosMessages>(name: Name, value: unknown): MesosMessages[Name] {
  return decodeMessage(name, toBytes(value), json)
}

function expectRefusal(name: keyof MesosMessages, value: unknown, message: string): void {
  expect(() => decode(name, value)).toThrow(
    expect.objectContaining({ code: 'MESSAGE_INVALID', message, details: { stage: 'convert' } }),
  )
}

describe('decodeMessage from JSON', () => {
  it('takes null for unset, in lists and maps too', () => {
    const filters = { min_allocatable_resources: { quantities: [null, { quantities: null }] } }
    expect(decode('mesos.v1.OfferFilters', filters)).toEqual({
      minAllocatableResources: { quantities: [{}] },
    })
  })

  it('ignores fields it does not know', () => {
    expect(decode('mesos.v1.TaskID', { value: 't', color: { deep: [1] } })).toEqual({ value: 't' })
  })

  it('knows no camelCase names', () => {
    expect(decode('mesos.v1.Filters', { refuseSeconds: 5 })).toEqual({})
  })

  it('drops an unknown value of an optional enum and of a list', () => {
    expect(decode('mesos.v1.Environment.Variable', { name: 'n', type: 'NEW' })).toEqual({
      name: 'n',
    })
    const capabilities = { capabilities: ['CHOWN', 'FLY'] }
    expect(decode('mesos.v1.CapabilityInfo', capabilities)).toEqual({ capabilities: ['CHOWN'] })
  })

  it('refuses an unknown value of a required enum', () => {
    const status = { task_id: { value: 't' }, state: 'TASK_DREAMING' }
    expectRefusal('mesos.v1.TaskStatus', status, "Failed to find enum for 'TASK_DREAMING'")
  })

  it('takes a single value for a list', () => {
    expect(decode('mesos.v1.CommandInfo', { arguments: 'a' })).toEqual({ arguments: ['a'] })
  })

  it.each([
    [5, 5],
    ['5', 5],
    ['-7', -7],
    [2.9, 2],
    ['1e3', 1000],
    ['1795360800123456789', '1795360800123456789'],
    ['-9223372036854775808', '-9223372036854775808'],
  ])('reads the 64 bit integer %j as %j', (raw, nanoseconds) => {
    expect(decode('mesos.v1.DurationInfo', { nanoseconds: raw })).toEqual({ nanoseconds })
  })

  it.each(['', ' 1', '0x10', '1 ', 'x', '9223372036854775808', '1e400'])(
    'refuses the 64 bit integer %j',
    (nanoseconds) => {
      const message = "Not expecting a JSON string for field 'nanoseconds'"
      expectRefusal('mesos.v1.DurationInfo', { nanoseconds }, message)
    },
  )

  it('keeps every digit of a long JSON number', () => {
    const bytes = Buffer.from('{"nanoseconds": 1795360800123456789 }')
    const time = decodeMessage('mesos.v1.TimeInfo', bytes, json)
    expect(time).toEqual({ nanoseconds: '1795360800123456789' })
    expect(Buffer.from(encodeMessage('mesos.v1.TimeInfo', time, json)).toString()).toBe(
      '{"nanoseconds":1795360800123456789}',
    )
  })

  it.each([
    ['Infinity', Infinity],
    ['-Infinity', -Infinity],
    ['NaN', NaN],
    ['1.5', 1.5],
    [2, 2],
  ])('reads the double %j', (raw, value) => {
    const scalar = decode('mesos.v1.Value.Scalar', { value: raw })
    expect(scalar).toEqual({ value })
    const again = encodeMessage('mesos.v1.Value.Scalar', scalar, json)
    expect(decodeMessage('mesos.v1.Value.Scalar', again, json)).toEqual({ value })
  })

  it('reads booleans and their names', () => {
    expect(decode('mesos.v1.CommandInfo', { shell: 'false' })).toEqual({ shell: false })
    expectRefusal(
      'mesos.v1.CommandInfo',
      { shell: 'no' },
      "Not expecting a JSON string for field 'shell'",
    )
  })

  it('pads base64 and refuses what is none', () => {
    expect(decode('mesos.v1.UUID', { value: 'AQI' })).toEqual({ value: 'AQI=' })
    for (const value of ['A', 'A===', '*', 'AQ-_', '====']) {
      expectRefusal('mesos.v1.UUID', { value }, "Not expecting a JSON string for field 'value'")
    }
  })

  it.each([
    [{ value: {} }, 'object'],
    [{ value: ['a'] }, 'array'],
    [{ value: 1 }, 'number'],
    [{ value: true }, 'boolean'],
  ])('refuses %j for a string', (raw, kind) => {
    expectRefusal('mesos.v1.TaskID', raw, `Not expecting a JSON ${kind} for field 'value'`)
  })

  it.each([[[]], ['x'], [1], [null]])('refuses %j for a message', (raw) => {
    expectRefusal('mesos.v1.TaskID', raw, 'Expecting a JSON object')
  })

  it.each(['', '{', '{"value":1}}', "{'value':1}"])('says that %j is not JSON', (text) => {
    expect(() => decodeMessage('mesos.v1.TaskID', Buffer.from(text), json)).toThrow(
      expect.objectContaining({ code: 'MESSAGE_INVALID', details: { stage: 'parse' } }),
    )
  })

  it('lets a later member of a oneof win', () => {
    const predicate = { exists: {}, text_equals: { value: 'v' } }
    expect(decode('mesos.v1.scheduler.AttributeConstraint.Predicate', predicate)).toEqual({
      textEquals: { value: 'v' },
    })
  })

  it('reads maps whose keys are names of object parts', () => {
    const bytes = Buffer.from('{"quantities":{"__proto__":{"value":1},"constructor":{"value":2}}}')
    const name = 'mesos.v1.OfferFilters.ResourceQuantities'
    const { quantities = {} } = decodeMessage(name, bytes, json)
    expect(Object.entries(quantities)).toEqual([
      ['__proto__', { value: 1 }],
      ['constructor', { value: 2 }],
    ])
    expect(Object.getPrototypeOf(quantities)).toBe(Object.prototype)
  })

  it('ignores __proto__ as a field', () => {
    const bytes = Buffer.from('{"__proto__":{"value":"evil"}}')
    expect(() => decodeMessage('mesos.v1.TaskID', bytes, json)).toThrow(
      'Missing required fields: value',
    )
  })

  it('refuses containers nested beyond 100 and reads 100', () => {
    const nested = (depth: number) =>
      `${'{"value":"c","parent":'.repeat(depth)}{"value":"c"}${'}'.repeat(depth)}`
    const read = (depth: number) =>
      decodeMessage('mesos.v1.ContainerID', Buffer.from(nested(depth)), json)
    expect(read(100)).toMatchObject({ value: 'c' })
    expect(() => read(101)).toThrow(expect.objectContaining({ code: 'MESSAGE_INVALID' }))
    expect(() => read(100_000)).toThrow(expect.objectContaining({ code: 'MESSAGE_INVALID' }))
  })

  it('passes over deep nesting in unknown fields', () => {
    const deep = `{"value":"t","x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`
    expect(decodeMessage('mesos.v1.TaskID', Buffer.from(deep), json)).toEqual({ value: 't' })
  })
})

describe('encodeMessage to JSON', () => {
  it('escapes text', () => {
    const value = 'a"b\\\n\u2028größe'
    expect(parseJson(encodeMessage('mesos.v1.TaskID', { value }, json))).toEqual({ value })
  })

  it('leaves out empty lists and maps', () => {
    const label = encodeMessage('mesos.v1.Labels', { labels: [] }, json)
    expect(Buffer.from(label).toString()).toBe('{}')
    const none = { quantities: {} }
    const quantities = encodeMessage('mesos.v1.OfferFilters.ResourceQuantities', none, json)
    expect(Buffer.from(quantities).toString()).toBe('{}')
  })
})

describe('quoteLongIntegers', () => {
  it.each([
    ['[1234567890123456]', '["1234567890123456"]'],
    ['{"a":-1234567890123456789}', '{"a":"-1234567890123456789"}'],
    ['[0.1234567890123456789]', '[0.1234567890123456789]'],
    ['[1234567890123456.5]', '[1234567890123456.5]'],
    ['[12345678901234567e2]', '[12345678901234567e2]'],
    ['[1e1234567890123456]', '[1e1234567890123456]'],
    ['[1e-1234567890123456]', '[1e-1234567890123456]'],
    ['["1234567890123456"]', '["1234567890123456"]'],
    [
      String.raw`["\\",1234567890123456,"\"1234567890123456"]`,
      String.raw`["\\","1234567890123456","\"1234567890123456"]`,
    ],
    ['"1234567890123456', '"1234567890123456'],
    ['[123]', '[123]'],
  ])('turns %s into %s', (text, quoted) => {
    expect(quoteLongIntegers(text)).toBe(quoted)
  })
})
