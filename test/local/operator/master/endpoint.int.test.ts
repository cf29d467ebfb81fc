import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../../src/local/cluster.ts'
import { masterCodec, masterResponseCodec } from '../../../../src/mesos/codec.ts'
import type { MasterEvent } from '../../../../src/mesos/types.generated.ts'
import { ask, commandTask, connectScheduler, subscribe } from '../../support/client.ts'
import type { OfNarrow } from '../../support/client.ts'

let cluster: LocalCluster

beforeEach(async () => {
  cluster = await startLocalCluster({ open: true, jsonp: true, allocationIntervalMs: 50 })
})

afterEach(() => cluster.close())

const jsonType = { 'Content-Type': 'application/json' }

function post(body: string, headers: Readonly<Record<string, string>> = jsonType) {
  return ask(`${cluster.url}/api/v1`, { method: 'POST', headers, body })
}

function isMasterEvent<Type extends MasterEvent['type']>(type: Type) {
  return (event: MasterEvent): event is OfNarrow<MasterEvent, Type> => event.type === type
}

describe('answerOperator', () => {
  it('refuses bad requests in the words of Mesos', async () => {
    const text = async (answer: ReturnType<typeof post>) => {
      const { body, status } = await answer
      return `${status} ${body}`
    }
    expect(await text(ask(`${cluster.url}/api/v1`))).toBe(
      "405 405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'.",
    )
    expect(await text(post('{}', {}))).toBe("400 Expecting 'Content-Type' to be present")
    expect(await text(post('{}', { 'Content-Type': 'text/plain' }))).toBe(
      "415 Expecting 'Content-Type' of application/json or application/x-protobuf",
    )
    expect(await text(post('{}'))).toBe(
      "400 Failed to validate master::Call: Expecting 'type' to be present",
    )
    expect(await text(post('{"type":"READ_FILE"}'))).toBe(
      "400 Failed to validate master::Call: Expecting 'read_file' to be present",
    )
    expect(await text(post('{"type":"READ_FILE","read_file":{}}'))).toBe(
      '400 Failed to convert JSON into Call protobuf: Missing required fields:' +
        ' read_file.path, read_file.offset',
    )
    expect(await text(post('{"type":"GET_HEALTH"}', { ...jsonType, Accept: 'text/html' }))).toBe(
      "406 Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'",
    )
    expect(await text(post('{"type":"MARK_AGENT_GONE","mark_agent_gone":{}}'))).toContain('400')
    expect((await post('{"type":"PRUNE"}')).status).toBe(400)
  })

  it('answers protobuf to requests in protobuf', async () => {
    const codec = masterResponseCodec('application/x-protobuf')
    const { headers, body } = await ask(`${cluster.url}/master/api/v1`, {
      method: 'POST',
      headers: { 'Content-Type': codec.mediaType, Accept: codec.mediaType },
      body: codec.encodeCall({ type: 'GET_HEALTH' }),
    })
    expect(headers['content-type']).toBe('application/x-protobuf')
    expect(codec.decodeEvent(Buffer.from(body))).toEqual({
      type: 'GET_HEALTH',
      getHealth: { healthy: true },
    })
  })

  it('counts what it measures', async () => {
    const { body } = await ask(`${cluster.url}/metrics/snapshot`)
    expect(JSON.parse(body)).toMatchObject({ 'master/slaves_active': 1, 'master/cpus_total': 2 })
  })

  it('counts the calls, events and offers of a framework', async () => {
    const scheduler = await connectScheduler(cluster.url)
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, commandTask('counted', offer, 'true'))
    await scheduler.follow('counted', 'TASK_FINISHED')
    await scheduler.call({ type: 'TEARDOWN' })
    const { body } = await ask(`${cluster.url}/metrics/snapshot`)
    const metrics = JSON.parse(body) as Record<string, number>
    const prefix = `master/frameworks/test/${scheduler.frameworkId}`
    const own = Object.entries(metrics).filter(([name]) => name.startsWith(prefix))
    expect(Object.fromEntries(own)).toMatchObject({
      [`${prefix}/calls/subscribe`]: 1,
      [`${prefix}/calls/accept`]: 1,
      [`${prefix}/calls/teardown`]: 1,
      [`${prefix}/events/subscribed`]: 1,
      [`${prefix}/events/update`]: 3,
      [`${prefix}/offers/accepted`]: 1,
    })
  })
})

describe('createSubscribers', () => {
  it('reports changes of frameworks and tasks to operators', async () => {
    for (const mediaType of ['application/json', 'application/x-protobuf'] as const) {
      const events = await subscribe(`${cluster.url}/api/v1`, masterCodec(mediaType), {
        type: 'SUBSCRIBE',
      })
      const { subscribed } = await events.waitFor(isMasterEvent('SUBSCRIBED'))
      expect(subscribed.getState?.getAgents?.agents).toHaveLength(1)
      const scheduler = await connectScheduler(cluster.url)
      const offer = await scheduler.takeOffer()
      await scheduler.launch(offer, commandTask('t', offer, 'exit 3'))
      await scheduler.follow('t', 'TASK_FAILED')
      await scheduler.call({ type: 'TEARDOWN' })
      await events.waitFor(isMasterEvent('FRAMEWORK_REMOVED'))
      const told = events.events.map((event) =>
        event.type === 'TASK_UPDATED' ? event.taskUpdated.state : event.type,
      )
      expect(told).toEqual([
        'SUBSCRIBED',
        'HEARTBEAT',
        'FRAMEWORK_ADDED',
        'TASK_ADDED',
        'TASK_STARTING',
        'TASK_RUNNING',
        'TASK_FAILED',
        'FRAMEWORK_REMOVED',
      ])
      events.destroy()
    }
  })
})

describe('answerMasterView', () => {
  it('shows a framework and its task, then among the completed', async () => {
    const scheduler = await connectScheduler(cluster.url)
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, commandTask('t', offer, 'sleep 100'))
    await scheduler.follow('t', 'TASK_RUNNING')
    const read = async (path: string): Promise<Record<string, never[]>> =>
      JSON.parse((await ask(cluster.url + path)).body) as Record<string, never[]>
    expect(await read('/state')).toMatchObject({
      frameworks: [{ id: scheduler.frameworkId, tasks: [{ id: 't', state: 'TASK_RUNNING' }] }],
    })
    expect(await read('/state-summary')).toMatchObject({ slaves: [{ TASK_RUNNING: 1 }] })
    expect(await read('/tasks?task_id=other')).toEqual({ tasks: [] })
    expect((await read('/frameworks?framework_id=other'))['frameworks']).toEqual([])
    await scheduler.call({ type: 'TEARDOWN' })
    expect(await read('/master/frameworks')).toMatchObject({
      frameworks: [],
      completed_frameworks: [{ completed_tasks: [{ id: 't', state: 'TASK_KILLED' }] }],
    })
  })

  it('wraps an answer into the function that jsonp names, if it is a name', async () => {
    const { body, headers } = await ask(`${cluster.url}/version?jsonp=show.it`)
    expect(body).toMatch(/^show\.it\(\{.*\}\);$/u)
    expect(headers['content-type']).toBe('text/javascript')
    expect((await ask(`${cluster.url}/version?jsonp=alert(1)//`)).status).toBe(400)
  })
})
