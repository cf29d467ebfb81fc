import { describe, expect, it } from 'vitest'
import {
  decodeMessage,
  encodeMessage,
  executorCodec,
  schedulerCodec,
} from '../../src/mesos/codec.ts'
import {
  callsOf,
  codecOf,
  decodedEventsOf,
  eventsOf,
  parseJson,
  recordings,
  recordsOf,
  streamNames,
  toBytes,
} from './captures.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe('schedulerCodec and executorCodec', () => {
  it.each(streamNames)('encode the protobuf records of %s to the same bytes', (name) => {
    const records = recordsOf(name, 'protobuf')
    const codec = codecOf(name, 'protobuf')
    const again = records.map((record) => codec.encodeEvent(codec.decodeEvent(record) as never))
    expect(again.map(hex)).toEqual(records.map(hex))
  })

  it.each(streamNames)('encode the JSON records of %s to the same values', (name) => {
    const records = recordsOf(name, 'json')
    const codec = codecOf(name, 'json')
    const again = records.map((record) => codec.encodeEvent(codec.decodeEvent(record) as never))
    expect(again.map(parseJson)).toEqual(records.map(parseJson))
  })

  it.each(streamNames)('decode the protobuf records of %s as the recording client did', (name) => {
    const codec = codecOf(name, 'json')
    const expected = decodedEventsOf(name).map((event) => codec.decodeEvent(toBytes(event)))
    expect(eventsOf(name, 'protobuf')).toEqual(expected)
  })

  // In JSON a master also writes the defaults of unset fields, so the protobuf events get them first.
  it.each(streamNames)('decode both encodings of %s to the same shapes', (name) => {
    const create = name === 'executor' ? executorCodec : schedulerCodec
    const codec = create('application/json', { writeDefaults: true })
    const withDefaults = eventsOf(name, 'protobuf').map((event) =>
      codec.decodeEvent(codec.encodeEvent(event as never)),
    )
    expect(shapesOf(eventsOf(name, 'json'))).toEqual(shapesOf(withDefaults))
  })

  it.each(recordings)(
    'encode the calls of $name as $encoding as they were sent',
    ({ name, encoding }) => {
      const codec = codecOf(name, 'json')
      const calls = callsOf(name, encoding)
      const again = calls.map((call) => codec.encodeCall(codec.decodeCall(toBytes(call)) as never))
      expect(again.map(parseJson)).toEqual(calls.map(withoutEmptyLists))
    },
  )

  it.each(recordings)(
    'carry the calls of $name as $encoding over protobuf',
    ({ name, encoding }) => {
      const json = codecOf(name, 'json')
      const protobuf = codecOf(name, 'protobuf')
      for (const call of callsOf(name, encoding).map((call) => json.decodeCall(toBytes(call)))) {
        expect(protobuf.decodeCall(protobuf.encodeCall(call as never))).toEqual(call)
      }
    },
  )

  it('keep keys in memory in one order for both encodings', () => {
    const keys = (event: object) => JSON.stringify(event).replace(/:"[^"]*"|:[\d.]+/gu, ':')
    const [json] = eventsOf('lifecycle', 'json')
    const [protobuf] = eventsOf('lifecycle', 'protobuf')
    expect(keys(json ?? {})).toBe(keys(protobuf ?? {}))
  })
})

describe('decodeEvent', () => {
  const json = schedulerCodec('application/json')
  const protobuf = schedulerCodec('application/x-protobuf')

  it('keeps the name of a JSON event it does not know', () => {
    const event = json.decodeEvent(toBytes({ type: 'QUOTA', quota: { value: 1 } }))
    expect(event).toEqual({ type: 'UNKNOWN', unknownType: 'QUOTA' })
  })

  it('keeps the number of a protobuf event it does not know', () => {
    expect(protobuf.decodeEvent(Uint8Array.of(0x08, 0x63))).toEqual({
      type: 'UNKNOWN',
      unknownType: '99',
    })
  })

  it('reads an event without a type as UNKNOWN', () => {
    expect(json.decodeEvent(toBytes({}))).toEqual({ type: 'UNKNOWN' })
    expect(protobuf.decodeEvent(new Uint8Array())).toEqual({ type: 'UNKNOWN' })
  })

  it('refuses an event without the message of its type', () => {
    const fault = { code: 'MESSAGE_INVALID', details: { stage: 'validate' } }
    expect(() => json.decodeEvent(toBytes({ type: 'OFFERS' }))).toThrow(
      expect.objectContaining({ ...fault, message: "Expecting 'offers' to be present" }),
    )
    expect(() => protobuf.decodeEvent(Uint8Array.of(0x08, 0x02))).toThrow(
      expect.objectContaining(fault),
    )
  })

  it('reads an operation of a newer type inside a call', () => {
    const call = { type: 'ACCEPT', accept: { operations: [{ type: 'TELEPORT' }] } }
    expect(json.decodeCall(toBytes(call))).toEqual({
      type: 'ACCEPT',
      accept: { operations: [{ type: 'UNKNOWN', unknownType: 'TELEPORT' }] },
    })
  })
})

describe('decodeCall', () => {
  const codec = executorCodec('application/json')

  it('names missing fields as Mesos does', () => {
    expect(() => codec.decodeCall(toBytes({ type: 'SUBSCRIBE' }))).toThrow(
      expect.objectContaining({
        code: 'MESSAGE_INVALID',
        message: 'Missing required fields: executor_id, framework_id',
        details: { stage: 'convert' },
      }),
    )
  })

  it('names missing fields by their path', () => {
    const call = { type: 'SUBSCRIBE', subscribe: { framework_info: { user: 'root' } } }
    expect(() => schedulerCodec('application/json').decodeCall(toBytes(call))).toThrow(
      'Missing required fields: subscribe.framework_info.name',
    )
  })

  it('checks required fields of protobuf too', () => {
    expect(() =>
      executorCodec('application/x-protobuf').decodeCall(Uint8Array.of(0x18, 1)),
    ).toThrow('Missing required fields: executor_id, framework_id')
  })

  it.each([{}, { type: 'TELEPORT' }])('refuses a call without a known type: %j', (call) => {
    expect(() => schedulerCodec('application/json').decodeCall(toBytes(call))).toThrow(
      expect.objectContaining({
        message: "Expecting 'type' to be present",
        details: { stage: 'validate' },
      }),
    )
  })

  it('takes an explicit UNKNOWN, which a server answers with 501', () => {
    expect(schedulerCodec('application/json').decodeCall(toBytes({ type: 'UNKNOWN' }))).toEqual({
      type: 'UNKNOWN',
    })
  })
})

describe('encodeCall', () => {
  it.each(['application/json', 'application/x-protobuf'] as const)(
    'refuses a missing required field in %s',
    (mediaType) => {
      const call = { type: 'KILL', frameworkId: { value: 'f' }, kill: {} }
      expect(() => schedulerCodec(mediaType).encodeCall(call as never)).toThrow(
        expect.objectContaining({
          code: 'MESSAGE_INVALID',
          message: 'Missing required fields: kill.task_id',
        }),
      )
    },
  )

  it.each([{ refuseSeconds: '5' }, { refuseSeconds: true }, 7, []])(
    'refuses a value that its field cannot hold: %j',
    (filters) => {
      const call = { type: 'DECLINE', decline: { filters } }
      for (const mediaType of ['application/json', 'application/x-protobuf'] as const) {
        expect(() => schedulerCodec(mediaType).encodeCall(call as never)).toThrow(
          expect.objectContaining({ code: 'MESSAGE_INVALID' }),
        )
      }
    },
  )

  it('ends on a message that contains itself', () => {
    const parent: { value: string; parent?: object } = { value: 'c' }
    parent.parent = parent
    for (const mediaType of ['application/json', 'application/x-protobuf'] as const) {
      expect(() => encodeMessage('mesos.v1.ContainerID', parent as never, mediaType)).toThrow(
        expect.objectContaining({ code: 'MESSAGE_INVALID' }),
      )
    }
  })
})

describe('encodeEvent', () => {
  const subscribed = {
    executorInfo: { executorId: { value: 'e' }, command: { value: 'true' } },
    frameworkInfo: { user: 'u', name: 'n' },
    agentInfo: { hostname: 'h' },
  }

  it('writes fields in order and no defaults', () => {
    const bytes = executorCodec('application/json').encodeEvent({ type: 'SUBSCRIBED', subscribed })
    expect(Buffer.from(bytes).toString()).toBe(
      '{"type":"SUBSCRIBED","subscribed":{' +
        '"executor_info":{"executor_id":{"value":"e"},"command":{"value":"true"}},' +
        '"framework_info":{"user":"u","name":"n"},"agent_info":{"hostname":"h"}}}',
    )
  })

  it('writes the defaults that are not deprecated when asked', () => {
    const codec = executorCodec('application/json', { writeDefaults: true })
    expect(parseJson(codec.encodeEvent({ type: 'SUBSCRIBED', subscribed }))).toEqual({
      type: 'SUBSCRIBED',
      subscribed: {
        executor_info: { executor_id: { value: 'e' }, command: { value: 'true', shell: true } },
        framework_info: { user: 'u', name: 'n', checkpoint: false, failover_timeout: 0 },
        agent_info: { hostname: 'h', port: 5051 },
      },
    })
  })
})

describe('encodeMessage and decodeMessage', () => {
  it.each(['application/json', 'application/x-protobuf'] as const)(
    'carry one message as %s',
    (type) => {
      const time = { nanoseconds: '1795360800123456789' }
      const bytes = encodeMessage('mesos.v1.TimeInfo', time, type)
      expect(decodeMessage('mesos.v1.TimeInfo', bytes, type)).toEqual(time)
    },
  )

  it('refuse a message that there is not', () => {
    expect(() =>
      decodeMessage('mesos.v1.Nope' as never, new Uint8Array(), 'application/json'),
    ).toThrow(expect.objectContaining({ code: 'MESSAGE_INVALID' }))
  })
})

/** An empty list and none at all are the same message. */
function withoutEmptyLists(value: unknown): unknown {
  const text = JSON.stringify(value)
  return JSON.parse(text, (_, child: unknown) =>
    Array.isArray(child) && child.length === 0 ? undefined : child,
  )
}

/** Per event type (and task state): every path that occurs, with the type of its value. */
function shapesOf(events: readonly object[]): Record<string, string[]> {
  const shapes = new Map<string, Set<string>>()
  for (const event of events) {
    const { type, update } = event as { type: string; update?: { status?: { state?: string } } }
    const kind = `${type} ${update?.status?.state ?? ''}`
    const paths = shapes.get(kind) ?? new Set()
    shapes.set(kind, paths)
    collectPaths(event, '', paths)
  }
  return Object.fromEntries([...shapes].map(([kind, paths]) => [kind, [...paths].sort()]))
}

function collectPaths(value: unknown, path: string, paths: Set<string>): void {
  paths.add(`${path}: ${Array.isArray(value) ? 'array' : typeof value}`)
  if (typeof value !== 'object' || value === null) return
  for (const [key, child] of Object.entries(value)) {
    collectPaths(child, `${path}.${Array.isArray(value) ? '*' : key}`, paths)
  }
}
