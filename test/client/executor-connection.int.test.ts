import { afterEach, describe, expect, it, vi } from 'vitest'
import { connectExecutor } from '../../src/client/executor-connection.ts'
import type { ExecutorConnection } from '../../src/client/executor-connection.ts'
import type { JarcastError } from '../../src/errors.ts'
import { executorCodec } from '../../src/mesos/codec.ts'
import type { ExecutorCall, ExecutorEvent } from '../../src/mesos/types.generated.ts'
import { fixture, openStream, startServer } from './replay-server.ts'
import type { Handler } from './replay-server.ts'

const ids = { executorId: { value: 'e' }, frameworkId: { value: 'f' } }
const subscribe: ExecutorCall = { type: 'SUBSCRIBE', ...ids, subscribe: {} }
const message: ExecutorCall = { type: 'MESSAGE', ...ids, message: { data: 'aGk=' } }
const update = (id: string): ExecutorCall => ({
  type: 'UPDATE',
  ...ids,
  update: { status: { taskId: { value: id }, state: 'TASK_RUNNING', uuid: 'AAAA' } },
})
const codec = executorCodec('application/x-protobuf')

/** A busy machine answers within it. */
const callTimeoutMs = 4000

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

async function start(handler: Handler, token?: string) {
  const server = await startServer(handler)
  closers.push(server.close)
  const connection = connectExecutor(`127.0.0.1:${server.port}`, {
    random: () => 0,
    callTimeoutMs,
    ...(token === undefined ? {} : { token }),
  })
  closers.push(connection.close)
  return { server, connection }
}

/** Resolves when the connection has a session; its stream stays open. */
async function subscribed(connection: ExecutorConnection): Promise<void> {
  const subscription = connection.subscribe(subscribe, 0).subscribe({ error: () => undefined })
  closers.push(async () => subscription.unsubscribe())
  await vi.waitUntil(() => connection.agentUrl !== undefined)
}

describe('connectExecutor', () => {
  it('emits a recorded stream and sends calls beside it', async () => {
    const { server, connection } = await start((seen, response) => {
      if (codec.decodeCall(seen.body).type !== 'SUBSCRIBE') {
        response.writeHead(202, { 'Content-Length': 0 }).end()
        return
      }
      response.writeHead(200, { 'Content-Type': 'application/x-protobuf' })
      response.write(fixture('executor/protobuf.recordio'))
    }, 'hush')
    const events: ExecutorEvent[] = []
    const shutdown = new Promise<void>((resolve, reject) => {
      const subscription = connection.subscribe(subscribe, 0).subscribe({
        next: (event) => {
          events.push(event)
          if (event.type === 'SHUTDOWN') resolve()
        },
        error: reject,
      })
      closers.push(async () => subscription.unsubscribe())
    })
    await shutdown
    expect(events[0]?.type).toBe('SUBSCRIBED')
    expect(events.map(({ type }) => type)).toContain('LAUNCH')
    expect(connection.agentUrl).toBe(server.url)
    // The first event has its bound; after it silence is as it should be.
    await new Promise((resolve) => setTimeout(resolve, callTimeoutMs + 50))
    await connection.send(message)
    const [stream, call] = server.seen
    expect(stream?.url).toBe('/api/v1/executor')
    expect(stream?.headers.authorization).toBe('Bearer hush')
    expect(call?.headers.authorization).toBe('Bearer hush')
    expect(call?.headers).not.toHaveProperty('mesos-stream-id')
    expect(codec.decodeCall(call?.body ?? Buffer.of())).toEqual(message)
  })

  it('sends an update again until the agent accepts it, before later ones', async () => {
    let refusals = 7
    const { server, connection } = await start((seen, response) => {
      if (codec.decodeCall(seen.body).type === 'SUBSCRIBE') return openStream(response)
      if (refusals-- > 0) return void response.writeHead(503).end('not yet')
      response.writeHead(202, { 'Content-Length': 0 }).end()
    })
    await subscribed(connection)
    await Promise.all(['a', 'b'].map((id) => connection.send(update(id))))
    const sent = server.seen.slice(1).map(({ body }) => codec.decodeCall(body))
    const idOf = (call: ExecutorCall) => call.type === 'UPDATE' && call.update.status.taskId.value
    expect(sent.map(idOf)).toEqual(['a', 'a', 'b', 'a', 'b', 'a', 'b', 'a', 'b'])
  })

  it('refuses messages, but no updates, when a thousand calls wait', async () => {
    const { connection } = await start((seen, response) => {
      if (codec.decodeCall(seen.body).type === 'SUBSCRIBE') openStream(response)
    })
    await subscribed(connection)
    const waiting = Array.from({ length: 1000 }, () => connection.send(message))
    await expect(connection.send(message)).rejects.toMatchObject({ code: 'CALL_QUEUE_FULL' })
    waiting.push(connection.send(update('a')))
    const ended = Promise.allSettled(waiting)
    await connection.close()
    expect((await ended).filter(({ status }) => status === 'rejected')).toHaveLength(1001)
  })

  it.each([
    [503, 'Agent has not finished recovery', 'AGENT_UNREACHABLE', true],
    [400, 'Executor cannot be found', 'AGENT_REJECTED', false],
    [401, '', 'CREDENTIALS_REJECTED', false],
    [403, '', 'NOT_PERMITTED', false],
  ])('ends on %i %s with %s', async (status, body, code, retryable) => {
    const { connection } = await start((_, response) => {
      response.writeHead(status).end(body)
    })
    const error = await new Promise<JarcastError>((resolve) => {
      connection.subscribe(subscribe, 0).subscribe({ error: resolve })
    })
    expect(error).toMatchObject({ code, retryable, details: { status } })
  })

  it('waits while a web page answers for the agent', async () => {
    const { connection } = await start((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>Sign in</html>')
    })
    const error = await new Promise<JarcastError>((resolve) => {
      connection.subscribe(subscribe, 0).subscribe({ error: resolve })
    })
    const details = { status: 200 }
    expect(error).toMatchObject({ code: 'AGENT_UNREACHABLE', retryable: true, details })
  })

  it('names the unreachable agent', async () => {
    const { server, connection } = await start(() => undefined)
    await server.close()
    const error = await new Promise<JarcastError>((resolve) => {
      connection.subscribe(subscribe, 0).subscribe({ error: resolve })
    })
    expect(error).toMatchObject({ code: 'AGENT_UNREACHABLE', retryable: true })
    expect(error.message).toContain(`127.0.0.1:${server.port}`)
  })

  it('asks whether a server that hangs up is an agent', async () => {
    const { connection } = await start(({ socket }) => void socket.destroy())
    const error = await new Promise<JarcastError>((resolve) => {
      connection.subscribe(subscribe, 0).subscribe({ error: resolve })
    })
    expect(error.message).toMatch(/without an answer; is it the port of an agent\?/)
  })

  it('refuses an invalid address', () => {
    expect(() => connectExecutor('')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })
})
