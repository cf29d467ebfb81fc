import { afterEach, describe, expect, it } from 'vitest'
import type { SchedulerCall } from '../../../src/mesos/types.generated.ts'
import {
  frameworkId,
  revive,
  kill,
  codec,
  accept,
  message,
  frameworkInfo,
  callsOf,
  serve,
  connect,
  subscribeAt,
  masterThat,
  closeAll,
} from '../test-master.ts'

afterEach(closeAll)

describe('calls', () => {
  it('resends a call that a web page answers', async () => {
    let pages = 2
    const server = await serve(
      masterThat((seen, response) => {
        pages -= 1
        if (pages < 0) return accept(seen, response)
        response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>Sign in</html>')
      }),
    )
    const connection = connect(server.url)
    await subscribeAt(connection)
    await connection.send(revive)
    expect(callsOf(server)).toEqual(['REVIVE', 'REVIVE', 'REVIVE'])
  })

  it('reports that an ACCEPT answered by a web page may be taken', async () => {
    const server = await serve(
      masterThat((_, response) => {
        response.writeHead(403, { 'Content-Type': 'text/html' }).end('<html>blocked</html>')
      }),
    )
    const connection = connect(server.url)
    await subscribeAt(connection)
    const sent = connection.send({ type: 'ACCEPT', frameworkId, accept: { offerIds: [] } })
    await expect(sent).rejects.toMatchObject({
      code: 'MASTER_UNREACHABLE',
      details: { maybeTaken: true, status: 403 },
    })
    expect(callsOf(server)).toEqual(['ACCEPT'])
  })

  it('sends calls in order on one other connection', async () => {
    const server = await serve(masterThat(accept))
    const connection = connect(server.url)
    await subscribeAt(connection)
    const ids = Array.from({ length: 20 }, (_, index) => `t${index}`)
    await Promise.all(ids.map((id) => connection.send(kill(id))))
    expect(callsOf(server)).toEqual(ids)
    const [stream, ...calls] = server.seen
    expect(new Set(calls.map(({ socket }) => socket)).size).toBe(1)
    expect(calls[0]?.socket).not.toBe(stream?.socket)
    expect(calls.every(({ headers }) => headers['mesos-stream-id'] === 'stream-1')).toBe(true)
    expect(calls[0]?.headers['content-length']).toBe(String(calls[0]?.body.length))
  })

  it('waits for the answer to its first call, but not for later ones', async () => {
    const held: (() => void)[] = []
    const server = await serve(
      masterThat((_, response) => {
        held.push(() => response.writeHead(202, { 'Content-Length': 0 }).end())
      }),
    )
    const connection = connect(server.url)
    await subscribeAt(connection)
    const sent = Promise.all(['one', 'two', 'three'].map((id) => connection.send(kill(id))))
    await server.until(() => server.seen.length === 2)
    expect(callsOf(server)).toEqual(['one'])
    held[0]?.()
    await server.until(() => server.seen.length === 4)
    held[1]?.()
    held[2]?.()
    await sent
    expect(callsOf(server)).toEqual(['one', 'two', 'three'])
  })

  it.each([
    [400, 'Failed to validate scheduler::Call: Not a valid UUID', 'CALL_REJECTED', false],
    [400, 'Framework cannot be found', 'NOT_SUBSCRIBED', true],
    [400, "The stream ID 'a' … didn't match the stream ID …", 'NOT_SUBSCRIBED', false],
    [401, '', 'CREDENTIALS_REJECTED', false],
    [403, 'no', 'NOT_PERMITTED', false],
    [403, 'Framework is not subscribed', 'NOT_SUBSCRIBED', true],
    [307, '', 'NOT_SUBSCRIBED', true],
  ])('rejects at once with %i %s as %s', async (status, body, code, retryable) => {
    const server = await serve(
      masterThat((_, response) => {
        response.writeHead(status, { Location: '//127.0.0.1:1' }).end(body)
      }),
    )
    const connection = connect(server.url)
    await subscribeAt(connection)
    await expect(connection.send(revive)).rejects.toMatchObject({
      code,
      retryable,
      details: { call: 'REVIVE', status },
    })
    expect(callsOf(server)).toEqual(['REVIVE'])
  })

  it.each([
    [200, { type: 'UPDATE_FRAMEWORK', frameworkId, updateFramework: { frameworkInfo } }],
    [202, { type: 'RECONCILE_OPERATIONS', frameworkId, reconcileOperations: {} }],
    // Before Mesos 1.7 the answer to a reconciliation of operations was its result.
    [200, { type: 'RECONCILE_OPERATIONS', frameworkId, reconcileOperations: {} }],
  ] satisfies [number, SchedulerCall][])('takes %i for an answer to %o', async (status, call) => {
    const isResult = status === 200 && call.type === 'RECONCILE_OPERATIONS'
    const server = await serve(
      masterThat((seen, response) => {
        if (codec.decodeCall(seen.body).type === 'REVIVE') return accept(seen, response)
        const headers = { ...(isResult && { 'Content-Type': 'application/x-protobuf' }) }
        response.writeHead(status, headers).end(isResult ? 'a result' : '')
      }),
    )
    const connection = connect(server.url)
    await subscribeAt(connection)
    await connection.send(call)
    // Without it a master refuses to reconcile operations.
    expect(server.seen[1]?.headers.accept).toBe('application/x-protobuf')
    await connection.send(revive)
    expect(new Set(server.seen.slice(1).map(({ socket }) => socket)).size).toBe(1)
  })

  it('sends nothing before a subscription and after its end', async () => {
    const server = await serve(masterThat(accept))
    const connection = connect(server.url)
    const refusal = { code: 'NOT_SUBSCRIBED', retryable: true, details: { maybeTaken: false } }
    await expect(connection.send(revive)).rejects.toMatchObject(refusal)
    const end = await subscribeAt(connection)
    end()
    await expect(connection.send(revive)).rejects.toMatchObject(refusal)
    expect(callsOf(server)).toEqual([])
  })

  it('does not carry waiting calls into the next subscription', async () => {
    const server = await serve(masterThat(() => undefined))
    const connection = connect(server.url)
    const end = await subscribeAt(connection)
    const inProgress = connection.send(kill('one'))
    const waiting = connection.send(kill('two'))
    await server.until(() => server.seen.length === 2)
    end()
    await expect(inProgress).rejects.toMatchObject({
      code: 'NOT_SUBSCRIBED',
      retryable: true,
      details: { maybeTaken: true },
    })
    await expect(waiting).rejects.toMatchObject({
      code: 'NOT_SUBSCRIBED',
      retryable: true,
      details: { maybeTaken: false },
    })
    await subscribeAt(connection)
    expect(callsOf(server)).toEqual(['one'])
  })

  const accept1 = { offerIds: [{ value: 'o1' }], operations: [] }
  const acknowledge = { agentId: { value: 'a' }, taskId: { value: 't' }, uuid: 'AAAA' }
  it.each<SchedulerCall>([
    { type: 'ACCEPT', frameworkId, accept: accept1 },
    { type: 'DECLINE', frameworkId, decline: { offerIds: [{ value: 'o1' }] } },
    { type: 'ACKNOWLEDGE', frameworkId, acknowledge },
    { type: 'RECONCILE', frameworkId, reconcile: { tasks: [] } },
    kill('hung'),
    message(''),
    revive,
  ])('lets no $type to a master that hangs hold up the next subscription', async (call) => {
    let isHung = true
    const server = await serve(
      masterThat((seen, response) => (isHung ? undefined : accept(seen, response))),
    )
    const connection = connect(server.url)
    const end = await subscribeAt(connection)
    const sent = connection.send(call).catch((error: unknown) => error)
    await server.until(() => server.seen.length === 2)
    end()
    expect(await sent).toMatchObject({
      code: 'NOT_SUBSCRIBED',
      retryable: true,
      details: { call: call.type, maybeTaken: true },
    })
    isHung = false
    await subscribeAt(connection)
    await connection.send(kill('next'))
    expect(callsOf(server).slice(1)).toEqual(['next'])
  })

  it('aborts an answer that never ends when its subscription does', async () => {
    const server = await serve(
      masterThat((_, response) => {
        response.writeHead(400)
        response.write('wait for it')
      }),
    )
    const connection = connect(server.url)
    const end = await subscribeAt(connection)
    const sent = connection.send(revive).catch((error: unknown) => error)
    await server.until(() => server.seen.length === 2)
    end()
    expect(await sent).toMatchObject({ details: { call: 'REVIVE' } })
    await server.until(() => server.sockets.size === 0)
  })

  it('resends a call when the kept connection was stale', async () => {
    const used = new Set<unknown>()
    const server = await serve(
      masterThat((seen, response) => {
        if (used.has(seen.socket)) return void seen.socket.resetAndDestroy()
        used.add(seen.socket)
        return accept(seen, response)
      }),
    )
    const connection = connect(server.url)
    await subscribeAt(connection)
    await connection.send(kill('one'))
    await connection.send(kill('two'))
    expect(callsOf(server)).toEqual(['one', 'two', 'two'])
  })

  it('uses a new connection when the master closed the idle one', async () => {
    const server = await serve(masterThat(accept))
    const connection = connect(server.url)
    await subscribeAt(connection)
    await connection.send(kill('one'))
    server.seen[1]?.socket.end()
    await server.until(() => server.sockets.size === 1)
    await connection.send(kill('two'))
    expect(callsOf(server)).toEqual(['one', 'two'])
  })

  it('does not repeat a message that broke on a new connection', async () => {
    const server = await serve(masterThat((seen) => void seen.socket.resetAndDestroy()))
    const connection = connect(server.url)
    await subscribeAt(connection)
    await expect(connection.send(message(''))).rejects.toMatchObject({
      code: 'MASTER_UNREACHABLE',
      retryable: true,
      details: { call: 'MESSAGE', maybeTaken: true },
    })
    expect(callsOf(server)).toEqual(['MESSAGE'])
  })

  it('repeats a repeatable call until it is accepted, before later calls', async () => {
    let refusals = 3
    const server = await serve(
      masterThat((seen, response) => {
        if (refusals-- > 0) return void seen.socket.resetAndDestroy()
        return accept(seen, response)
      }),
    )
    const connection = connect(server.url)
    await subscribeAt(connection)
    await Promise.all([connection.send(revive), connection.send(kill('two'))])
    expect(callsOf(server)).toEqual(['REVIVE', 'REVIVE', 'REVIVE', 'REVIVE', 'two'])
  })

  it('gives up a call after five attempts', async () => {
    const server = await serve(
      masterThat((_, response) => void response.writeHead(503).end('No leader elected')),
    )
    const connection = connect(server.url)
    await subscribeAt(connection)
    await expect(connection.send(revive)).rejects.toMatchObject({
      code: 'MASTER_UNREACHABLE',
      details: { status: 503, maybeTaken: false },
    })
    expect(callsOf(server)).toHaveLength(5)
  })

  it('does not repeat a call whose subscription has ended', async () => {
    const server = await serve(masterThat((seen) => void seen.socket.resetAndDestroy()))
    const connection = connect(server.url, { random: () => 0.99 })
    const end = await subscribeAt(connection)
    const sent = connection.send(revive)
    await server.until(() => callsOf(server).length === 1)
    end()
    await expect(sent).rejects.toMatchObject({ retryable: true, details: { maybeTaken: true } })
    expect(callsOf(server)).toEqual(['REVIVE'])
  })

  it('does not repeat a call whose answer had begun', async () => {
    const used = new Set<unknown>()
    const server = await serve(
      masterThat((seen, response) => {
        if (!used.has(seen.socket)) {
          used.add(seen.socket)
          return accept(seen, response)
        }
        response.writeHead(202, { 'Content-Length': 10 })
        response.write('half', () => seen.socket.resetAndDestroy())
      }),
    )
    const connection = connect(server.url)
    await subscribeAt(connection)
    await connection.send(kill('one'))
    // Its status was 202, and that is all that matters of it.
    await connection.send(kill('two'))
    expect(callsOf(server)).toEqual(['one', 'two'])
  })

  it('times out and continues with the next call', async () => {
    let isFirst = true
    const server = await serve(
      masterThat((seen, response) => {
        if (!isFirst) return accept(seen, response)
        isFirst = false
      }),
    )
    const connection = connect(server.url, { callTimeoutMs: 100 })
    await subscribeAt(connection)
    const [late, next] = await Promise.allSettled([
      connection.send(message('')),
      connection.send(kill('two')),
    ])
    expect(late).toMatchObject({
      reason: { code: 'CALL_TIMEOUT', retryable: true, details: { maybeTaken: true } },
    })
    expect(next.status).toBe('fulfilled')
  })

  it('limits the time of an endless answer', async () => {
    const server = await serve(
      masterThat((_, response) => {
        response.writeHead(400)
        response.write('wait for it')
      }),
    )
    const connection = connect(server.url, { callTimeoutMs: 100 })
    await subscribeAt(connection)
    await expect(connection.send(revive)).rejects.toMatchObject({
      code: 'CALL_REJECTED',
      message: expect.stringContaining('wait for it') as string,
    })
  })

  it('refuses messages above its limit', async () => {
    const server = await serve(masterThat(() => undefined))
    const connection = connect(server.url, { maxWaitingCalls: 1 })
    await subscribeAt(connection)
    const first = connection.send(revive)
    await server.until(() => server.seen.length === 2)
    const held = Promise.allSettled([first, connection.send(revive)])
    await expect(connection.send(message('aGk='))).rejects.toMatchObject({
      code: 'CALL_QUEUE_FULL',
    })
    await connection.close()
    expect(await held).toMatchObject([
      { reason: { code: 'NOT_SUBSCRIBED', details: { maybeTaken: true } } },
      { reason: { code: 'NOT_SUBSCRIBED', details: { maybeTaken: false } } },
    ])
  })
})
