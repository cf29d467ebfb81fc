import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { JarcastError } from '../../../src/errors.ts'
import { AgentLink } from '../../../src/executor/agent/link.ts'
import type { ExecutorMachineEvent, StampedUpdate } from '../../../src/machines/executor/events.ts'
import type { ExecutorCall, ExecutorEvent } from '../../../src/mesos/types.generated.ts'
import { createAgentEnd } from '../support/connection.ts'

const halfHourMs = 30 * 60_000
const nothing = { tasks: [], updates: [] }
const unreachable = new JarcastError('AGENT_UNREACHABLE', 'no agent', { retryable: true })
const notSubscribed = new JarcastError('NOT_SUBSCRIBED', 'not yet', { retryable: true })
const subscribed: ExecutorEvent = {
  type: 'SUBSCRIBED',
  subscribed: {
    executorInfo: { executorId: { value: 'executor' } },
    frameworkInfo: { user: 'root', name: 'test' },
    agentInfo: { hostname: 'localhost' },
  },
}

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

/** A link to an agent; `answer` makes the results of calls other than SUBSCRIBE. */
function start(answer?: (call: ExecutorCall) => Promise<void>) {
  const agent = createAgentEnd()
  const logs: string[] = []
  const { connection } = agent
  const link = new AgentLink({
    connection: answer === undefined ? connection : { ...connection, send: answer },
    environment: {
      agentUrl: 'http://127.0.0.1:1',
      tls: {},
      mediaType: 'application/x-protobuf',
      frameworkId: 'framework',
      executorId: 'executor',
      sandbox: '/',
      checkpoint: true,
      recoveryTimeoutMs: 1000,
      subscriptionBackoffMaxMs: 10,
      shutdownGraceMs: 1000,
    },
    log: (message) => logs.push(message),
  })
  const events: ExecutorMachineEvent[] = []
  link.subscribe(nothing).subscribe((event) => events.push(event))
  return { agent, link, events, logs, types: () => agent.calls.map(({ type }) => type) }
}

function update(uuid: string): StampedUpdate {
  return { taskId: 't', state: 'TASK_RUNNING', uuid, timestampMs: 0 }
}

/** Calls by uuid or text, whose results the test chooses. */
function answers() {
  const calls: string[] = []
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = []
  return {
    calls,
    send: (call: ExecutorCall) => {
      calls.push(call.type === 'UPDATE' ? (call.update.status.uuid ?? '') : call.type)
      return new Promise<void>((resolve, reject) => waiting.push({ resolve, reject }))
    },
    async next(error?: Error) {
      const [first] = waiting.splice(0, 1)
      if (error === undefined) first?.resolve()
      else first?.reject(error)
      await vi.advanceTimersByTimeAsync(0)
    },
  }
}

describe('AgentLink', () => {
  // HeartbeatCalls in apache/mesos src/tests/executor_http_api_tests.cpp.
  it('sends a heartbeat every half hour', async () => {
    const { agent, types } = start()
    await vi.advanceTimersByTimeAsync(halfHourMs - 1)
    expect(types()).toEqual(['SUBSCRIBE'])
    await vi.advanceTimersByTimeAsync(halfHourMs + 1)
    expect(types()).toEqual(['SUBSCRIBE', 'HEARTBEAT', 'HEARTBEAT'])
    expect(agent.calls[1]).toEqual({
      type: 'HEARTBEAT',
      frameworkId: { value: 'framework' },
      executorId: { value: 'executor' },
    })
  })

  it('sends no heartbeat once it is closed or the agent is lost', async () => {
    const closed = start()
    await closed.link.close()
    const lost = start()
    lost.agent.fail(unreachable)
    await vi.advanceTimersByTimeAsync(halfHourMs)
    expect([closed.types(), lost.types()]).toEqual([['SUBSCRIBE'], ['SUBSCRIBE']])
  })

  it('knows the agent once it is subscribed', async () => {
    const { link, events } = start()
    expect(link.agent).toBeUndefined()
    await vi.advanceTimersByTimeAsync(0)
    expect(events).toEqual([{ type: 'agent.subscribed' }])
    expect(link.agent).toEqual({ hostname: 'localhost' })
  })

  it.each([
    ['no agent', unreachable, { busy: false, retryable: true }],
    ['a busy agent', refusal(503, true), { busy: true, retryable: true }],
    ['an agent that refuses', refusal(403, false), { busy: false, retryable: false }],
    ['invalid bytes', new JarcastError('FRAME_INVALID', 'what?'), { busy: true, retryable: true }],
  ])('reports the loss of %s', (_, error, loss) => {
    const { agent, events } = start()
    agent.fail(error)
    expect(events).toMatchObject([{ type: 'agent.lost', message: error.message, ...loss }])
  })

  it('sends updates in order, without waiting for answers', () => {
    const { calls, send } = answers()
    const { link } = start(send)
    link.sendUpdate(update('a'))
    link.sendUpdate(update('b'))
    expect(calls).toEqual(['a', 'b'])
  })

  it('sends updates that find no subscription, in order, at the next one', async () => {
    const { calls, send, next } = answers()
    const { agent, link } = start(send)
    for (const uuid of ['a', 'b', 'c']) link.sendUpdate(update(uuid))
    for (let count = 0; count < 3; count++) await next(notSubscribed)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(calls).toEqual(['a', 'b', 'c'])
    agent.tell(subscribed)
    expect(calls).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
  })

  it('drops an update that the agent refuses for good', async () => {
    const { calls, send, next } = answers()
    const { link, logs } = start(send)
    link.sendUpdate(update('a'))
    link.sendUpdate(update('b'))
    await next(refusal(400, false))
    expect(calls).toEqual(['a', 'b'])
    expect(logs).toEqual(['the agent did not accept UPDATE: refused'])
  })

  it('sends a message once', async () => {
    const { calls, send, next } = answers()
    const { link } = start(send)
    link.sendMessage({})
    link.sendUpdate(update('a'))
    await next(unreachable)
    expect(calls).toEqual(['MESSAGE', 'a'])
  })

  it('drops an update that waits when it subscribes again, since SUBSCRIBE carries updates', async () => {
    const { calls, send, next } = answers()
    const { link } = start(send)
    link.sendUpdate(update('a'))
    await next(notSubscribed)
    link.subscribe(nothing).subscribe()
    link.sendUpdate(update('b'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(calls).toEqual(['a', 'b'])
  })

  it('flushes until all calls are done, or a timeout', async () => {
    const { send, next } = answers()
    const { link } = start(send)
    const flushed: string[] = []
    link.sendUpdate(update('a'))
    void link.flush(1000).then(() => flushed.push('first'))
    await vi.advanceTimersByTimeAsync(999)
    expect(flushed).toEqual([])
    await next()
    expect(flushed).toEqual(['first'])
    link.sendUpdate(update('b'))
    void link.flush(1000).then(() => flushed.push('second'))
    await vi.advanceTimersByTimeAsync(1000)
    expect(flushed).toEqual(['first', 'second'])
  })
})

function refusal(status: number, retryable: boolean): JarcastError {
  return new JarcastError('AGENT_REJECTED', 'refused', { retryable, details: { status } })
}
