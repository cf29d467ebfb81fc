/** Messages with writers of their own are written as by plan. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeFrequentJson } from '../../../src/mesos/encoding/frequent-json.ts'
import {
  decodeFrequentProtobuf,
  encodeFrequentProtobuf,
} from '../../../src/mesos/encoding/frequent-protobuf.ts'
import { encodeJson } from '../../../src/mesos/encoding/json-writer.ts'
import { frequent as jsonWriters } from '../../../src/mesos/encoding/json-writers.generated.ts'
import { JsonSink } from '../../../src/mesos/encoding/print/json-sink.ts'
import { ProtobufSink } from '../../../src/mesos/encoding/print/protobuf-sink.ts'
import { encodeProtobuf } from '../../../src/mesos/encoding/protobuf-writer.ts'
import { frequent as protobufWriters } from '../../../src/mesos/encoding/protobuf-writers.generated.ts'
import { accept } from '../../../src/mesos/scheduler-calls.ts'
import { planOf } from '../../../src/mesos/encoding/schema.ts'
import type { PlainMessage } from '../../../src/mesos/encoding/schema.ts'
import type { ExecutorInfo, TaskInfo } from '../../../src/mesos/types.generated.ts'
import { messageOf } from '../../support/mesos/any-message.ts'
import { encodings } from '../captures.ts'

const codecs = {
  json: { write: encodeFrequentJson, byPlan: encodeJson },
  protobuf: { write: encodeFrequentProtobuf, byPlan: encodeProtobuf },
}
type Write = (plan: ReturnType<typeof planOf>, message: PlainMessage) => Uint8Array

/** The bytes, or the error. */
function outcome(write: Write, fullName: string, message: unknown): unknown {
  try {
    return Buffer.from(write(planOf(fullName), message as PlainMessage)).toString('latin1')
  } catch (error) {
    const { code, message, details } = error as { code: string; message: string; details: unknown }
    return { code, message, details }
  }
}

const executor: ExecutorInfo = {
  executorId: { value: 'e' },
  command: { value: 'größe "$X" \\ \u2713', uris: [{ value: 'http://host/a.jar' }] },
  data: 'AAEC',
}
const task = (id: string, more: Partial<TaskInfo> = {}): TaskInfo => ({
  name: id,
  taskId: { value: id },
  agentId: { value: 'a' },
  resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } }],
  executor,
  ...more,
})
const acceptOf = (...taskInfos: TaskInfo[]) =>
  accept('f', ['o'], [{ type: 'LAUNCH', launch: { taskInfos } }])

describe.each(encodings)('a writer of one message to %s', (encoding) => {
  const { write, byPlan } = codecs[encoding]
  const expectSame = (fullName: string, message: unknown): void => {
    expect(outcome(write, fullName, message)).toEqual(outcome(byPlan, fullName, message))
  }

  it('writes an ACCEPT without the plan', () => {
    const call = acceptOf(task('a'), task('b'))
    if (encoding === 'json') jsonWriters['mesos.v1.scheduler.Call']?.(new JsonSink(), call)
    else protobufWriters['mesos.v1.scheduler.Call']?.(new ProtobufSink(), call)
    expectSame('mesos.v1.scheduler.Call', call)
  })

  it.each(Object.keys(jsonWriters))('writes any %s as by plan', (fullName) => {
    fc.assert(
      fc.property(messageOf(planOf(fullName)), (message) => expectSame(fullName, message)),
      { numRuns: 12 },
    )
  })

  it('writes executors and agents that tasks share, and others between them', () => {
    const other = { ...executor, executorId: { value: 'other' } }
    const agents = [{ value: 'a' }, { value: 'b' }] as const
    const tasks = [executor, executor, other, other, executor].map((executor, index) =>
      task(`t${index}`, { executor, agentId: agents[index < 3 ? 0 : 1] }),
    )
    expectSame('mesos.v1.scheduler.Call', acceptOf(...tasks))
  })

  it('writes messages of any size', () => {
    for (const length of [0, 1, 47, 48, 49, 100, 127, 128, 129, 200, 16_383, 16_384, 300_000]) {
      const text = 'x'.repeat(length)
      const data = Buffer.alloc(length, 7).toString('base64')
      expectSame('mesos.v1.scheduler.Call', acceptOf(task(text, { data }), task('t')))
      expectSame('mesos.v1.Labels', { labels: [{ key: `${text}é`, value: `${text}"` }] })
    }
  })

  it('writes bytes that no later message changes', () => {
    const lengths = [10, 4_000, 20_000, 5_000, 300_000, 300_000, 50_000, 10, 200_000]
    const calls = lengths.map((length, index) => acceptOf(task(String(index).repeat(length))))
    const written = calls.map((call) => write(planOf('mesos.v1.scheduler.Call'), call as never))
    for (const [index, call] of calls.entries()) {
      const expected = byPlan(planOf('mesos.v1.scheduler.Call'), call as never)
      expect(Buffer.from(expected).equals(written[index] as Uint8Array)).toBe(true)
    }
  })

  it.each([
    { labels: undefined },
    { labels: null },
    { labels: {} },
    { labels: [] },
    { labels: { labels: [] } },
    { labels: { labels: [null] } },
    { labels: { labels: {} } },
    { labels: { labels: [{ value: 'no key' }] } },
    { labels: { labels: [{ key: 1 }] } },
    { labels: { labels: [{ key: 'tab\t\u0000\u007f\u2028 😀' }] } },
    { name: undefined },
    { name: 7 },
    { resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: Number.NaN } }] },
    { resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: -0 } }] },
    { resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 1e300 } }] },
    { resources: [{ name: 'cpus', type: 'NONE', scalar: { value: 1 } }] },
    {
      resources: [
        { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 1, end: 2 ** 53 }] } },
      ],
    },
    {
      resources: [
        {
          name: 'ports',
          type: 'RANGES',
          ranges: { range: [{ begin: '1', end: '18446744073709551615' }] },
        },
      ],
    },
    {
      resources: [{ name: 'ports', type: 'RANGES', ranges: { range: [{ begin: -1, end: 1.5 }] } }],
    },
    { data: 'AAA' },
    { data: 'AA==' },
    { data: 'A-A=' },
    { data: 'A===' },
    { data: '=AAA' },
    { data: 'A_A=' },
    { data: 'AA==AA==' },
    { data: 'AA A' },
    { data: 'AA\nA' },
    { data: 'AAA\u00c1' },
    { data: 'AAA\u0141' },
    { data: 'AAA\u013d' },
    { data: `${'A'.repeat(200)}\u2041AAA` },
    { data: '' },
    { killPolicy: { gracePeriod: { nanoseconds: -5 } } },
    { healthCheck: { type: 'COMMAND', command: { value: 'true' } } },
    { unknownField: 1 },
  ])('writes as by plan, or fails with the same error: %j', (more) => {
    expectSame('mesos.v1.scheduler.Call', acceptOf(task('t', more as never)))
  })

  it('refuses containers that contain themselves', () => {
    const id: { value: string; parent?: unknown } = { value: 'c' }
    id.parent = id
    expectSame('mesos.v1.ContainerID', id)
  })
})

describe('a writer of one message to protobuf', () => {
  it('writes fields that the schema lacks back', () => {
    const plan = planOf('mesos.v1.Resource')
    const resource = { name: 'cpus', type: 'SCALAR', scalar: { value: 1 } }
    const bytes = Buffer.concat([encodeProtobuf(plan, resource), Buffer.of(0xf8, 0x3f, 0x01)])
    const read = decodeFrequentProtobuf(plan, bytes)
    expect(read).toEqual(resource)
    expect(Buffer.from(encodeFrequentProtobuf(plan, read)).equals(bytes)).toBe(true)
  })
})
