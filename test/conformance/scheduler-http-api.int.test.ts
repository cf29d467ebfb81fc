/**
 * Mesos' own tests of its scheduler API, for the local cluster, by their names there. Left out are
 * three with the v0 driver, which this cluster does not support: UpdatePidToHttpScheduler,
 * UpdateHttpToPidScheduler, UpdateHttpToPidSchedulerAndBack.
 * Source: apache/mesos src/tests/scheduler_http_api_tests.cpp.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import { schedulerCodec } from '../../src/mesos/codec.ts'
import type { MediaType } from '../../src/mesos/codec.ts'
import type {
  FrameworkInfo,
  SchedulerCall,
  SchedulerEvent,
} from '../../src/mesos/types.generated.ts'
import { ask, isType, subscribe, testFramework } from '../local/support/client.ts'
import type { HttpAnswer, Stream } from '../local/support/client.ts'
import { headOf } from './head-of.ts'

let cluster: LocalCluster
const streams: Stream<SchedulerEvent>[] = []

beforeAll(async () => {
  cluster = await startLocalCluster({ open: true, agents: 0, heartbeatIntervalSeconds: 0.05 })
})

afterEach(() => {
  for (const stream of streams.splice(0)) stream.destroy()
})

afterAll(() => cluster.close())

const subscribeCall: SchedulerCall = {
  type: 'SUBSCRIBE',
  subscribe: { frameworkInfo: testFramework },
}

describe('scheduler API', () => {
  it('AuthenticationRequired: 401 without credentials', async () => {
    const strict = await startLocalCluster({
      agents: 0,
      credentials: [{ principal: 'test', secret: 'secret' }],
    })
    const answer = await ask(`${strict.url}/api/v1/scheduler`, { method: 'POST' })
    expect(answer.status).toBe(401)
    await strict.close()
  })

  it('GetRequest: GET is refused, and POST named', async () => {
    const answer = await ask(`${cluster.url}/api/v1/scheduler`)
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST' } })
  })
})

describe.each<MediaType>(['application/json', 'application/x-protobuf'])(
  'scheduler API in %s',
  (mediaType) => {
    const codec = schedulerCodec(mediaType)
    const mine = { 'Content-Type': mediaType, Accept: mediaType }

    function post(
      call: SchedulerCall | string,
      headers: Readonly<Record<string, string>> = mine,
    ): Promise<HttpAnswer> {
      const body = typeof call === 'string' ? call : codec.encodeCall(call)
      return ask(`${cluster.url}/api/v1/scheduler`, { method: 'POST', headers, body })
    }

    async function open(
      frameworkInfo: FrameworkInfo = testFramework,
    ): Promise<Stream<SchedulerEvent>> {
      const { id } = frameworkInfo
      const call: SchedulerCall = {
        type: 'SUBSCRIBE',
        ...(id === undefined ? {} : { frameworkId: id }),
        subscribe: { frameworkInfo },
      }
      const url = `${cluster.url}/api/v1/scheduler`
      const stream = await subscribe(url, codec, call)
      streams.push(stream)
      return stream
    }

    async function idsOf(stream: Stream<SchedulerEvent>) {
      const { subscribed } = await stream.waitFor(isType('SUBSCRIBED'))
      const streamId = String(stream.headers['mesos-stream-id'])
      return { frameworkId: subscribed.frameworkId, streamId }
    }

    it('NoContentType: 400, though the call is good', async () => {
      expect((await post(subscribeCall, { Accept: mediaType })).status).toBe(400)
    })

    it('ValidJsonButInvalidProtobuf: 400 for JSON that is no call', async () => {
      const headers = { ...mine, 'Content-Type': 'application/json' }
      expect((await post('{"string":"valid_json"}', headers)).status).toBe(400)
    })

    it('MalformedContent: 400 for what cannot be parsed', async () => {
      expect((await post('MALFORMED_CONTENT')).status).toBe(400)
    })

    it('UnsupportedContentMediaType: 415', async () => {
      const headers = { ...mine, 'Content-Type': 'application/unknown-media-type' }
      expect((await post(subscribeCall, headers)).status).toBe(415)
    })

    it('Subscribe: 200, a stream with its id, SUBSCRIBED, one heartbeat at once and more later', async () => {
      const stream = await open()
      expect(stream.status).toBe(200)
      expect(stream.headers).toMatchObject({
        'transfer-encoding': 'chunked',
        'content-type': mediaType,
        'mesos-stream-id': expect.stringMatching(/./u) as string,
      })
      const { frameworkId } = await idsOf(stream)
      expect(frameworkId.value).not.toBe('')
      await stream.waitFor(isType('HEARTBEAT'), 2)
      expect(stream.events.slice(0, 3).map(({ type }) => type)).toEqual([
        'SUBSCRIBED',
        'HEARTBEAT',
        'HEARTBEAT',
      ])
    })

    it('RejectFrameworkWithInvalidRole: 200, one ERROR, and the end', async () => {
      const stream = await open({ ...testFramework, roles: ['/test/test1'] })
      await stream.ended
      expect(stream.status).toBe(200)
      expect(stream.headers['transfer-encoding']).toBe('chunked')
      expect(stream.events.map(({ type }) => type)).toEqual(['ERROR'])
    })

    it('SubscribeWithStreamId: 400', async () => {
      const headers = { ...mine, 'Mesos-Stream-Id': 'c4b3d1b6-2f3f-4f0b-9c8a-2f4d3f6a5b1e' }
      expect((await post(subscribeCall, headers)).status).toBe(400)
    })

    it('SubscribedOnRetry: the same id again, in a new stream with heartbeats', async () => {
      const { frameworkId, streamId } = await idsOf(await open())
      const again = await open({ ...testFramework, id: frameworkId })
      expect(await idsOf(again)).toMatchObject({ frameworkId })
      expect(again.headers['mesos-stream-id']).not.toBe(streamId)
      await again.waitFor(isType('HEARTBEAT'))
    })

    it('NotAcceptable: 406 for an Accept that allows neither encoding', async () => {
      expect((await post(subscribeCall, { ...mine, Accept: 'foo' })).status).toBe(406)
    })

    it.each([
      ['NoAcceptHeader', {}],
      ['DefaultAccept', { Accept: '*/*' }],
    ])('%s: the stream is in JSON', async (_case, accept) => {
      const url = `${cluster.url}/api/v1/scheduler`
      const body = codec.encodeCall(subscribeCall)
      const head = await headOf(url, body, { 'Content-Type': mediaType, ...accept })
      expect(head.statusCode).toBe(200)
      expect(head.headers['content-type']).toBe('application/json')
    })

    it('TeardownWithoutStreamId: 400', async () => {
      const { frameworkId } = await idsOf(await open())
      expect((await post({ type: 'TEARDOWN', frameworkId })).status).toBe(400)
    })

    it('TeardownWrongStreamId: 400 for the id of a stream that was replaced', async () => {
      const { frameworkId, streamId } = await idsOf(await open())
      await idsOf(await open({ ...testFramework, id: frameworkId }))
      const headers = { ...mine, 'Mesos-Stream-Id': streamId }
      expect((await post({ type: 'TEARDOWN', frameworkId }, headers)).status).toBe(400)
    })

    it('MalformedUUID: 400 for an acknowledgement of no UUID', async () => {
      const { frameworkId, streamId } = await idsOf(await open())
      const acknowledge = {
        agentId: { value: 'agent-id' },
        taskId: { value: 'task-id' },
        uuid: Buffer.from('bad-uuid').toString('base64'),
      }
      const headers = { ...mine, 'Mesos-Stream-Id': streamId }
      expect(await post({ type: 'ACKNOWLEDGE', frameworkId, acknowledge }, headers)).toMatchObject({
        status: 400,
        body: 'Failed to validate scheduler::Call: Not a valid UUID',
      })
    })
  },
)
