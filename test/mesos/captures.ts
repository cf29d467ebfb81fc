import { readFileSync } from 'node:fs'
import { type MediaType, executorCodec, schedulerCodec } from '../../src/mesos/codec.ts'
import { createRecordDecoder } from '../../src/mesos/recordio.ts'
import type { ExecutorEvent, SchedulerEvent } from '../../src/mesos/types.generated.ts'

/** Event streams recorded from a Mesos 1.12.0 master, and from an agent (`executor`). */
export const streamNames = ['lifecycle', 'failover', 'removed', 'invalid-role', 'executor'] as const
export type StreamName = (typeof streamNames)[number]
export const encodings = ['json', 'protobuf'] as const
export type Encoding = (typeof encodings)[number]

export const recordings = streamNames.flatMap((name) =>
  encodings.map((encoding) => ({ name, encoding })),
)

function readFixture(file: string): Buffer {
  return readFileSync(new URL(`../fixtures/mesos/${file}`, import.meta.url))
}

export function readStream(name: StreamName, encoding: Encoding): Buffer {
  return readFixture(`${name}/${encoding}.recordio`)
}

export function recordsOf(name: StreamName, encoding: Encoding): Uint8Array[] {
  return createRecordDecoder().push(readStream(name, encoding))
}

export function codecOf(name: StreamName, encoding: Encoding) {
  const mediaType = mediaTypeOf(encoding)
  return name === 'executor' ? executorCodec(mediaType) : schedulerCodec(mediaType)
}

function mediaTypeOf(encoding: Encoding): MediaType {
  return encoding === 'json' ? 'application/json' : 'application/x-protobuf'
}

export function eventsOf(name: StreamName, encoding: Encoding): (SchedulerEvent | ExecutorEvent)[] {
  const codec = codecOf(name, encoding)
  return recordsOf(name, encoding).map((record) => codec.decodeEvent(record))
}

/** Every call that the recording client made, as JSON in Mesos' form. */
export function callsOf(name: StreamName, encoding: Encoding): unknown[] {
  const file = `${name}/${encoding}.${name === 'executor' ? 'traffic' : 'calls'}.json`
  const { calls } = parseJson(readFixture(file)) as { calls: { call: unknown }[] }
  return calls.map(({ call }) => call)
}

/** The recorded protobuf events as the recording client decoded them. */
export function decodedEventsOf(name: StreamName): unknown[] {
  if (name !== 'executor')
    return parseJson(readFixture(`${name}/protobuf.events.json`)) as unknown[]
  const { events } = parseJson(readFixture('executor/protobuf.traffic.json')) as {
    events: unknown[]
  }
  return events
}

export function parseJson(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString('utf8'))
}

export function toBytes(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value))
}
