import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAgentLink } from '../../../src/executor/agent/link.ts'
import { createAgentEnd } from '../support/connection.ts'

const halfHourMs = 30 * 60_000

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

function start() {
  const agent = createAgentEnd()
  const link = createAgentLink({
    connection: agent.connection,
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
    dispatch: () => undefined,
    log: () => undefined,
  })
  link.subscribe({ tasks: [], updates: [] })
  return { agent, link, types: () => agent.calls.map(({ type }) => type) }
}

describe('createAgentLink', () => {
  // HeartbeatCalls in apache/mesos src/tests/executor_http_api_tests.cpp.
  it('calls every half hour when there is nothing to say', async () => {
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

  it('sends no heartbeat once it is closed', async () => {
    const { link, types } = start()
    await link.close()
    await vi.advanceTimersByTimeAsync(halfHourMs)
    expect(types()).toEqual(['SUBSCRIBE'])
  })
})
