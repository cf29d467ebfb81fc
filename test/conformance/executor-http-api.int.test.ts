/**
 * Mesos' own tests of its executor API, for the local cluster, by their names there. HeartbeatCalls
 * is about an executor: here jarcast's, see `test/executor/agent/link.test.ts`; its calls to the
 * agent are tested below. SubscribeBeforeContainerizerRecovery is left out: an agent of this
 * cluster that has not recovered does not listen.
 * Source: apache/mesos src/tests/executor_http_api_tests.cpp.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import { randomUuidBytes } from '../../src/local/messages/uuid.ts'
import { executorCodec } from '../../src/mesos/codec.ts'
import type { MediaType } from '../../src/mesos/codec.ts'
import type { ExecutorCall, TaskStatus } from '../../src/mesos/types.generated.ts'
import { ask, connectExecutor, connectScheduler, isEvent } from '../local/support/client.ts'
import type { HttpAnswer, Scheduler } from '../local/support/client.ts'
import { headOf } from './head-of.ts'
import { launchSilentExecutor } from './silent-executor.ts'

let cluster: LocalCluster
let scheduler: Scheduler
let url: string

beforeAll(async () => {
  cluster = await startLocalCluster({
    open: true,
    allocationIntervalMs: 20,
    shutdownGraceMs: 50,
    executorHeartbeatMs: 50,
  })
  scheduler = await connectScheduler(cluster.url)
  url = `${cluster.agents[0]?.url}/api/v1/executor`
})

afterAll(() => cluster.close())

const unknown = { frameworkId: { value: 'dummy' }, executorId: { value: 'dummy' } }
const message: ExecutorCall = { ...unknown, type: 'MESSAGE', message: { data: 'aGVsbG8=' } }
const subscribeCall: ExecutorCall = { ...unknown, type: 'SUBSCRIBE', subscribe: {} }

function launchExecutor(executorId: string) {
  return launchSilentExecutor(cluster, scheduler, executorId, `task of ${executorId}`)
}

describe('executor API', () => {
  it('GetRequest: GET is refused, and POST named', async () => {
    expect(await ask(url)).toMatchObject({ status: 405, headers: { allow: 'POST' } })
  })
})

describe.each<MediaType>(['application/json', 'application/x-protobuf'])(
  'executor API in %s',
  (mediaType) => {
    const codec = executorCodec(mediaType)
    const mine = { 'Content-Type': mediaType, Accept: mediaType }
    const encoding = mediaType.replace('application/', '')

    function post(
      call: ExecutorCall | string,
      headers: Readonly<Record<string, string>> = mine,
    ): Promise<HttpAnswer> {
      const body = typeof call === 'string' ? call : codec.encodeCall(call)
      return ask(url, { method: 'POST', headers, body })
    }

    /** Fields that Mesos' types require. */
    function postIncomplete(call: Readonly<Record<string, unknown>>): Promise<HttpAnswer> {
      return post(call as unknown as ExecutorCall)
    }

    it('NoContentType: 400, though the call is good', async () => {
      expect((await post(message, { Accept: mediaType })).status).toBe(400)
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

    it('MessageFromUnknownFramework: 400', async () => {
      expect((await post(message)).status).toBe(400)
    })

    it('NotAcceptable: 406 for an Accept that allows neither encoding', async () => {
      expect((await post(subscribeCall, { ...mine, Accept: 'foo' })).status).toBe(406)
    })

    it.each([
      ['NoAcceptHeader', {}],
      ['DefaultAccept', { Accept: '*/*' }],
    ])('%s: the stream is in JSON', async (name, accept) => {
      const ids = await launchExecutor(`${name}-${encoding}`)
      const body = codec.encodeCall({ ...ids, type: 'SUBSCRIBE', subscribe: {} })
      const head = await headOf(url, body, { 'Content-Type': mediaType, ...accept })
      expect(head.statusCode).toBe(200)
      expect(head.headers['content-type']).toBe('application/json')
    })

    it.each(['SUBSCRIBE', 'UPDATE', 'MESSAGE'])(
      'ValidProtobufInvalidCall: 400 for %s without its message',
      async (type) => {
        const answer = await postIncomplete({ ...unknown, type })
        expect(answer).toMatchObject({
          status: 400,
          body: `Failed to validate Executor::Call: Expecting '${type.toLowerCase()}' to be present`,
        })
      },
    )

    it.each<[what: string, fault: Partial<TaskStatus>]>([
      ['another executor', { executorId: { value: 'another' } }],
      ['no UUID', { uuid: Buffer.from('dummy_uuid').toString('base64') }],
      ['TASK_STAGING', { state: 'TASK_STAGING' }],
      ['another source', { source: 'SOURCE_MASTER' }],
    ])('StatusUpdateCallFailedValidation: 400 for %s', async (_what, fault) => {
      const status: TaskStatus = {
        executorId: unknown.executorId,
        taskId: { value: 'dummy' },
        state: 'TASK_STARTING',
        source: 'SOURCE_EXECUTOR',
        uuid: randomUuidBytes(),
        ...fault,
      }
      const answer = await post({ ...unknown, type: 'UPDATE', update: { status } })
      expect(answer.status).toBe(400)
      expect(answer.body).toMatch(/^Failed to validate Executor::Call: /u)
    })

    it('Subscribe: 200, a stream, SUBSCRIBED with the ids of executor and container', async () => {
      const ids = await launchExecutor(`subscribe-${encoding}`)
      const executor = await connectExecutor(cluster.agents[0]?.url ?? '', ids, mediaType)
      expect(executor).toMatchObject({
        status: 200,
        headers: { 'transfer-encoding': 'chunked', 'content-type': mediaType },
      })
      const { subscribed } = await executor.waitFor(isEvent('SUBSCRIBED'))
      expect(subscribed.executorInfo.executorId).toEqual(ids.executorId)
      expect(subscribed.containerId?.value).toMatch(/./u)
    })

    it('HeartbeatEvents: nothing but them once its task was launched', async () => {
      const ids = await launchExecutor(`heartbeats-${encoding}`)
      const executor = await connectExecutor(cluster.agents[0]?.url ?? '', ids, mediaType)
      await executor.waitFor(isEvent('HEARTBEAT'), 3)
      expect(executor.events.slice(0, 4).map(({ type }) => type)).toEqual([
        'SUBSCRIBED',
        'LAUNCH',
        'HEARTBEAT',
        'HEARTBEAT',
      ])
    })

    it('HeartbeatCalls: 202 for any sender', async () => {
      expect((await post({ ...unknown, type: 'HEARTBEAT' })).status).toBe(202)
    })
  },
)
