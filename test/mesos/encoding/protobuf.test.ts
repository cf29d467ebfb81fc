import { describe, expect, it } from 'vitest'
import { decodeMessage, encodeMessage } from '../../../src/mesos/codec.ts'
import { codecOf, recordsOf } from '../captures.ts'

const protobuf = 'application/x-protobuf'
const fault = expect.objectContaining({ code: 'MESSAGE_INVALID' })

/** A length-delimited field. */
const field = (id: number, ...bytes: number[]) => [(id << 3) | 2, bytes.length, ...bytes]

describe('decodeMessage from protobuf', () => {
  it('merges a message that comes in two pieces', () => {
    const address = [...field(2, ...field(1, 0x68)), ...field(2, 0x18, 0x07)]
    const url = Uint8Array.from([...field(1, 0x73), ...address])
    expect(decodeMessage('mesos.v1.URL', url, protobuf)).toEqual({
      scheme: 's',
      address: { hostname: 'h', port: 7 },
    })
  })

  it('takes the last of a value that comes twice', () => {
    const bytes = Uint8Array.from([...field(1, 0x61), ...field(1, 0x62)])
    expect(decodeMessage('mesos.v1.TaskID', bytes, protobuf)).toEqual({ value: 'b' })
  })

  it('lets the last member of a oneof win', () => {
    const bytes = Uint8Array.from([...field(3, ...field(1, 0x76)), ...field(1)])
    const name = 'mesos.v1.scheduler.AttributeConstraint.Predicate'
    expect(decodeMessage(name, bytes, protobuf)).toEqual({ exists: {} })
  })

  it('drops unknown enum values, packed or not', () => {
    // CHOWN is 1000 = 0xe8 0x07; 5 is nothing.
    const single = Uint8Array.of(0x08, 0xe8, 0x07, 0x08, 0x05)
    const packed = Uint8Array.from(field(1, 0xe8, 0x07, 0x05))
    for (const bytes of [single, packed]) {
      expect(decodeMessage('mesos.v1.CapabilityInfo', bytes, protobuf)).toEqual({
        capabilities: ['CHOWN'],
      })
    }
  })

  it('reports a required enum of unknown value as missing', () => {
    const bytes = Uint8Array.from([...field(1, ...field(1, 0x74)), 0x10, 0x63])
    expect(() => decodeMessage('mesos.v1.TaskStatus', bytes, protobuf)).toThrow(
      'Missing required fields: state',
    )
  })

  it('names what is missing in lists and maps by its place', () => {
    const labels = Uint8Array.from([...field(1, ...field(1, 0x6b)), ...field(1)])
    expect(() => decodeMessage('mesos.v1.Labels', labels, protobuf)).toThrow(
      'Missing required fields: labels[1].key',
    )
    const quantities = Uint8Array.from(field(1, ...field(1, 0x6b)))
    expect(() =>
      decodeMessage('mesos.v1.OfferFilters.ResourceQuantities', quantities, protobuf),
    ).toThrow('Missing required fields: quantities[k].value')
  })

  it('keeps fields it does not know for re-encoding the same object', () => {
    const bytes = Uint8Array.from([...field(1, 0x74), 0x78, 0x01, ...field(14, 1, 2, 3)])
    const id = decodeMessage('mesos.v1.TaskID', bytes, protobuf)
    expect(id).toEqual({ value: 't' })
    expect([...encodeMessage('mesos.v1.TaskID', id, protobuf)]).toEqual([...bytes])
    expect([...encodeMessage('mesos.v1.TaskID', { ...id }, protobuf)]).toEqual(field(1, 0x74))
  })

  it('keeps the leftover field of a recorded executor stream', () => {
    const [subscribed = new Uint8Array()] = recordsOf('executor', 'protobuf')
    const codec = codecOf('executor', 'protobuf')
    const event = codec.decodeEvent(subscribed)
    expect(codec.encodeEvent(structuredClone(event) as never)).toHaveLength(subscribed.length - 2)
  })

  it.each([
    ['a length beyond the end', [0x0a, 0x05, 0x61]],
    ['a field longer than its message', [0x12, 0x02, 0x0a, 0x05, 0x61, 0x62, 0x63, 0x64, 0x65]],
    ['field number zero', [0x02, 0x00]],
    ['a wire type that there is not', [0x0e]],
    ['an endless varint', Array.from({ length: 12 }, () => 0xff)],
    ['a group that does not end', [0x7b, 0x08, 0x01]],
    ['groups nested too deep', Array.from({ length: 5000 }, () => 0x7b)],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeMessage('mesos.v1.ContainerID', Uint8Array.from(bytes), protobuf)).toThrow(
      fault,
    )
  })

  it('refuses containers nested beyond 100', () => {
    let bytes = Buffer.from(field(1, 0x63))
    for (let depth = 0; depth < 101; depth += 1) {
      const length = [...varint(bytes.length)]
      bytes = Buffer.concat([Buffer.from(field(1, 0x63)), Buffer.from([0x12, ...length]), bytes])
    }
    expect(() => decodeMessage('mesos.v1.ContainerID', bytes, protobuf)).toThrow(fault)
  })
})

describe('encodeMessage to protobuf', () => {
  it.each([0, -1, 2 ** 53 - 1, '9007199254740993', '-9223372036854775808', '9223372036854775807'])(
    'carries the 64 bit integer %j',
    (nanoseconds) => {
      const bytes = encodeMessage('mesos.v1.DurationInfo', { nanoseconds }, protobuf)
      expect(decodeMessage('mesos.v1.DurationInfo', bytes, protobuf)).toEqual({ nanoseconds })
    },
  )

  it('carries the largest unsigned one', () => {
    const range = { begin: 0, end: '18446744073709551615' }
    const bytes = encodeMessage('mesos.v1.Value.Range', range, protobuf)
    expect(decodeMessage('mesos.v1.Value.Range', bytes, protobuf)).toEqual(range)
  })

  it.each([-1, '18446744073709551616', 'x', NaN])('refuses %j for an unsigned integer', (end) => {
    expect(() => encodeMessage('mesos.v1.Value.Range', { begin: 0, end }, protobuf)).toThrow(fault)
  })

  it('forgives null and undefined as unset', () => {
    const filters = { refuseSeconds: null } as never
    expect(encodeMessage('mesos.v1.Filters', filters, protobuf)).toHaveLength(0)
  })
})

function* varint(value: number): Generator<number> {
  let rest = value
  while (rest > 127) {
    yield (rest & 127) | 128
    rest >>>= 7
  }
  yield rest
}
