import type { AddressInfo } from 'node:net'
import { createServer as createTcpServer } from 'node:net'
import { firstValueFrom, take, toArray } from 'rxjs'
import type { Observable } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import { connectScheduler } from '../../src/client/scheduler-connection.ts'
import type {
  SchedulerConnection,
  SchedulerConnectionOptions,
} from '../../src/client/scheduler-connection.ts'
import type { JarcastError } from '../../src/errors.ts'
import { schedulerCodec } from '../../src/mesos/codec.ts'
import type { MediaType } from '../../src/mesos/codec.ts'
import { encodeRecord } from '../../src/mesos/recordio.ts'
import type { SchedulerCall, SchedulerEvent } from '../../src/mesos/types.generated.ts'
import { fixture, openStream, startServer, writePieces } from './replay-server.ts'
import type { Handler, ReplayServer } from './replay-server.ts'

const frameworkId = { value: 'f-1' }
const frameworkInfo = { user: 'root', name: 'test' }
const subscribe: SchedulerCall = { type: 'SUBSCRIBE', subscribe: { frameworkInfo } }
const revive: SchedulerCall = { type: 'REVIVE', frameworkId }
const kill = (id: string): SchedulerCall => ({
  type: 'KILL',
  frameworkId,
  kill: { taskId: { value: id } },
})
const message = (data: string): SchedulerCall => ({
  type: 'MESSAGE',
  frameworkId,
  message: { agentId: { value: 'a' }, executorId: { value: 'e' }, data },
})
const codec = schedulerCodec('application/x-protobuf')
const record = (event: SchedulerEvent) => encodeRecord(codec.encodeEvent(event))
const subscribed = (heartbeatIntervalSeconds: number) =>
  record({ type: 'SUBSCRIBED', subscribed: { frameworkId, heartbeatIntervalSeconds } })
const heartbeat = record({ type: 'HEARTBEAT' })
const errorEvent = record({ type: 'ERROR', error: { message: 'Framework failed over' } })

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

async function serve(
  handler: Handler,
  listen?: { readonly host?: string; readonly port?: number },
): Promise<ReplayServer> {
  const server = await startServer(handler, listen)
  closers.push(server.close)
  return server
}

function connect(
  masters: string | readonly string[],
  options?: SchedulerConnectionOptions,
): SchedulerConnection {
  const connection = connectScheduler(masters, { random: () => 0, ...options })
  closers.push(connection.close)
  return connection
}

/** Everything a stream emits, and the error it ends with. */
function collect(events$: Observable<SchedulerEvent>) {
  return new Promise<{ events: SchedulerEvent[]; error: JarcastError }>((resolve, reject) => {
    const events: SchedulerEvent[] = []
    events$.subscribe({
      next: (event) => events.push(event),
      error: (error: JarcastError) => resolve({ events, error }),
      complete: () => reject(new Error('a stream of events never completes')),
    })
  })
}

/** Subscribes and waits until the first event is there; the stream stays open. */
async function subscribeAt(connection: SchedulerConnection): Promise<() => void> {
  let end = (): void => undefined
  await new Promise<void>((resolve, reject) => {
    const subscription = connection
      .subscribe(subscribe, 0)
      .subscribe({ next: () => resolve(), error: reject })
    end = () => subscription.unsubscribe()
  })
  return end
}

/** A master that streams SUBSCRIBED and answers calls by `handler`. */
function masterThat(handler: Handler): Handler {
  return (seen, response) => {
    if (codec.decodeCall(seen.body).type !== 'SUBSCRIBE') return handler(seen, response)
    openStream(response)
    response.write(subscribed(15))
  }
}

const accept: Handler = (_, response) => {
  response.writeHead(202, { 'Content-Length': 0 }).end()
}

const callsOf = (server: ReplayServer) =>
  server.seen
    .map(({ body }) => codec.decodeCall(body))
    .filter(({ type }) => type !== 'SUBSCRIBE')
    .map((call) => (call.type === 'KILL' ? call.kill.taskId.value : call.type))

describe('subscribe', () => {
  it.each([
    ['application/x-protobuf', 'lifecycle/protobuf.recordio', 1],
    ['application/x-protobuf', 'lifecycle/protobuf.recordio', 61],
    ['application/x-protobuf', 'lifecycle/protobuf.recordio', Infinity],
    ['application/json', 'lifecycle/json.recordio', 7],
    ['application/json', 'lifecycle/json.recordio', Infinity],
  ] as const)('emits a recorded %s stream (%s) in pieces of %d', async (mediaType, name, size) => {
    const bytes = fixture(name)
    const server = await serve(async (_, response) => {
      openStream(response, mediaType)
      await writePieces(response, bytes, size === Infinity ? bytes.length : size)
      response.end()
    })
    const { events, error } = await collect(
      connect(server.url, { mediaType }).subscribe(subscribe, 0),
    )
    expect(events[0]?.type).toBe('SUBSCRIBED')
    expect(events.at(-1)?.type).toBe('ERROR')
    expect(events.map(({ type }) => type)).not.toContain('HEARTBEAT')
    expect(events.filter(({ type }) => type === 'UPDATE').length).toBeGreaterThan(5)
    expect(error).toMatchObject({ code: 'STREAM_ENDED', retryable: true })
  })

  it.each(['application/json', 'application/x-protobuf'] satisfies MediaType[])(
    'posts one call as %s and without a stream id',
    async (mediaType) => {
      const server = await serve((_, response) => {
        response.writeHead(503).end()
      })
      const credentials = { principal: 'me', secret: 'hush' }
      await collect(connect(server.url, { mediaType, credentials }).subscribe(subscribe, 0))
      const [seen] = server.seen
      expect(seen?.url).toBe('/api/v1/scheduler')
      expect(seen?.headers).toMatchObject({
        'content-type': mediaType,
        accept: mediaType,
        authorization: `Basic ${Buffer.from('me:hush').toString('base64')}`,
      })
      expect(seen?.headers).not.toHaveProperty('mesos-stream-id')
      expect(schedulerCodec(mediaType).decodeCall(seen?.body ?? Buffer.of())).toEqual(subscribe)
    },
  )

  it('follows redirects to the leader and calls it there', async () => {
    const leader = await serve(masterThat(accept))
    const redirectTo =
      (location: string): Handler =>
      (_, response) => {
        response.writeHead(307, { Location: location, 'Content-Length': 0 }).end()
      }
    // As a Mesos 1.12.0 master was seen to.
    const second = await serve(redirectTo(`//127.0.0.1:${leader.port}/master/api/v1/scheduler`))
    const first = await serve(redirectTo(`//127.0.0.1:${second.port}`))
    const connection = connect(first.url)
    expect(connection.masterUrl).toBeUndefined()
    await subscribeAt(connection)
    await connection.send(revive)
    expect(connection.masterUrl).toBe(leader.url)
    expect(connection.localAddress).toBe('127.0.0.1')
    expect(callsOf(leader)).toEqual(['REVIVE'])
    await first.until(() => first.sockets.size === 0)
    await second.until(() => second.sockets.size === 0)
  })

  it('follows a redirect to the same port of another host', async () => {
    const first = await serve((_, response) => {
      response.writeHead(307, { Location: `//127.0.0.2:${first.port}/api/v1/scheduler` }).end()
    })
    const leader = await serve(masterThat(accept), { host: '127.0.0.2', port: first.port })
    const connection = connect(first.url)
    await subscribeAt(connection)
    expect(connection.masterUrl).toBe(leader.url)
  })

  const credentials = { principal: 'me', secret: 'sesame' }
  const authorizationsOf = ({ seen }: ReplayServer) =>
    seen.map(({ headers }) => headers['authorization'])

  it('sends no credentials to an unknown server', async () => {
    const stranger = await serve(masterThat(accept))
    const first = await serve((_, response) => {
      response.writeHead(307, { Location: `//127.0.0.1:${stranger.port}` }).end()
    })
    const { error } = await collect(connect(first.url, { credentials }).subscribe(subscribe, 0))
    expect(error).toMatchObject({
      code: 'REDIRECT_INVALID',
      retryable: true,
      message: expect.stringContaining(stranger.url) as string,
    })
    expect(stranger.seen).toHaveLength(0)
    expect(first.seen).toHaveLength(1)
  })

  it('sends credentials on to another master of the list', async () => {
    const leader = await serve(masterThat(accept))
    const first = await serve((_, response) => {
      response.writeHead(307, { Location: `//127.0.0.1:${leader.port}` }).end()
    })
    const connection = connect([first.url, leader.url], { credentials })
    await subscribeAt(connection)
    await connection.send(revive)
    expect(connection.masterUrl).toBe(leader.url)
    expect(new Set(authorizationsOf(leader)).size).toBe(1)
  })

  it('reports only the text of a page', async () => {
    const page = `<!DOCTYPE html><html><head><style>p { color: red }</style><title>Bad Gateway</title></head>
      <body>\u001b[31m<p>nginx</p>${'<br>'.repeat(5000)}</body></html>`
    const server = await serve((_, response) => void response.writeHead(502).end(page))
    const { error } = await collect(connect(server.url).subscribe(subscribe, 0))
    expect(error.message).toMatch(/ \(Bad Gateway \[31m nginx\)$/)
  })

  it('gives up on masters that redirect in a circle', async () => {
    const server = await serve((_, response) => {
      response.writeHead(307, { Location: `//127.0.0.1:${server.port}` }).end()
    })
    const { error } = await collect(connect(server.url).subscribe(subscribe, 0))
    expect(error).toMatchObject({ code: 'REDIRECT_INVALID', retryable: true })
    expect(server.seen).toHaveLength(4)
  })

  it('refuses a redirect to another protocol', async () => {
    const server = await serve((_, response) => {
      response.writeHead(307, { Location: 'file:///etc/passwd' }).end()
    })
    const { error } = await collect(connect(server.url).subscribe(subscribe, 0))
    expect(error).toMatchObject({ code: 'REDIRECT_INVALID', retryable: true })
  })

  it('says retry on 503 and works at the next attempt', async () => {
    let isReady = false
    const server = await serve((seen, response) => {
      if (isReady) return masterThat(accept)(seen, response)
      isReady = true
      response.writeHead(503).end('Master has not finished recovery')
    })
    const connection = connect(server.url)
    const { error } = await collect(connection.subscribe(subscribe, 0))
    expect(error).toMatchObject({
      code: 'MASTER_UNREACHABLE',
      retryable: true,
      message: expect.stringContaining('Master has not finished recovery') as string,
      details: { call: 'SUBSCRIBE', status: 503, verdict: 'retry' },
    })
    const event = await firstValueFrom(connection.subscribe(subscribe, 1))
    expect(event.type).toBe('SUBSCRIBED')
  })

  it('moves on to the next master after a failed dial', async () => {
    const gone = await startServer(accept)
    await gone.close()
    const server = await serve(masterThat(accept))
    const connection = connect([gone.url, server.url])
    const { error } = await collect(connection.subscribe(subscribe, 0))
    expect(error).toMatchObject({ code: 'MASTER_UNREACHABLE', retryable: true })
    expect(error.message).toContain(`127.0.0.1:${gone.port}`)
    expect((await firstValueFrom(connection.subscribe(subscribe, 1))).type).toBe('SUBSCRIBED')
    expect((await firstValueFrom(connection.subscribe(subscribe, 1))).type).toBe('SUBSCRIBED')
  })

  it('waits before attempt zero only after a subscription', async () => {
    const server = await serve(masterThat(accept))
    let draws = 0
    const random = () => {
      draws++
      return 0
    }
    const connection = connect(server.url, { random })
    await firstValueFrom(connection.subscribe(subscribe, 0))
    expect(draws).toBe(0)
    await firstValueFrom(connection.subscribe(subscribe, 0))
    expect(draws).toBe(1)
  })

  it.each([
    [400, 'Failed to validate scheduler::Call: x'],
    [401, '', 'CREDENTIALS_REJECTED'],
    [403, 'not allowed', 'NOT_PERMITTED'],
    [405, 'no POST'],
    [406, 'nothing to send'],
    [415, 'no such type'],
  ])('is refused for good with %i', async (status, body, code = 'MASTER_REJECTED') => {
    const server = await serve((_, response) => {
      response.writeHead(status).end(body)
    })
    const { error } = await collect(connect(server.url).subscribe(subscribe, 0))
    expect(error).toMatchObject({ code, retryable: false, details: { status } })
    expect(error.message).toContain(body)
  })

  it.each([
    ['a web page', { 'Content-Type': 'text/html', 'Mesos-Stream-Id': 's' }],
    ['no media type', { 'Mesos-Stream-Id': 's' }],
    ['no stream id', { 'Content-Type': 'application/x-protobuf' }],
    [
      'an endless stream id',
      { 'Content-Type': 'application/x-protobuf', 'Mesos-Stream-Id': 'x'.repeat(129) },
    ],
  ])('dials again after a 200 with %s, and names it', async (_, headers) => {
    let isBetween = true
    const server = await serve((seen, response) => {
      if (!isBetween) return masterThat(accept)(seen, response)
      isBetween = false
      response.writeHead(200, headers).end('<html><title>Sign in to Hotel</title></html>')
    })
    const connection = connect(server.url)
    const { error } = await collect(connection.subscribe(subscribe, 0))
    expect(error).toMatchObject({ code: 'MASTER_UNREACHABLE', retryable: true })
    expect(error.message).toMatch(/answers SUBSCRIBE with 200.*proxy.*\(Sign in to Hotel\)$/)
    expect((await firstValueFrom(connection.subscribe(subscribe, 1))).type).toBe('SUBSCRIBED')
  })

  it('tries the next master when a proxy answers', async () => {
    const portal = await serve((_, response) => void response.writeHead(200).end('<html>'))
    const leader = await serve(masterThat(accept))
    const connection = connect([portal.url, leader.url])
    await collect(connection.subscribe(subscribe, 0))
    expect((await firstValueFrom(connection.subscribe(subscribe, 1))).type).toBe('SUBSCRIBED')
  })

  it('closes an endless 200 of another service', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      }
      response.on('drain', more)
      more()
    })
    const { error } = await collect(connect(server.url).subscribe(subscribe, 0))
    expect(error).toMatchObject({ code: 'MASTER_UNREACHABLE', retryable: true })
    await server.until(() => server.sockets.size === 0)
  })

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

  it('reads no more than 64 KiB of a refusal', async () => {
    const server = await serve((_, response) => {
      response.writeHead(400)
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      }
      response.on('drain', more)
      more()
    })
    const { error } = await collect(connect(server.url).subscribe(subscribe, 0))
    expect(error.code).toBe('MASTER_REJECTED')
    expect(error.message.length).toBeLessThan(66_000)
    await server.until(() => server.sockets.size === 0)
  })

  it('errors after five silent intervals and closes the socket', async () => {
    const server = await serve((_, response) => {
      openStream(response)
      response.write(subscribed(0.01))
    })
    const { events, error } = await collect(connect(server.url).subscribe(subscribe, 0))
    expect(events).toHaveLength(1)
    expect(error).toMatchObject({
      code: 'STREAM_SILENT',
      retryable: true,
      details: { boundMs: 50 },
    })
    await server.until(() => server.sockets.size === 0)
  })

  it('errors when the first event never comes', async () => {
    const server = await serve((_, response) => openStream(response))
    const { error } = await collect(
      connect(server.url, { callTimeoutMs: 50 }).subscribe(subscribe, 0),
    )
    expect(error.code).toBe('STREAM_SILENT')
  })

  it('stays subscribed on heartbeats alone', async () => {
    const server = await serve(async (_, response) => {
      openStream(response)
      response.write(subscribed(0.2))
      for (let beat = 0; beat < 12; beat++) {
        await new Promise((resolve) => setTimeout(resolve, 100))
        response.write(heartbeat)
      }
      response.write(errorEvent)
    })
    const events = await firstValueFrom(
      connect(server.url).subscribe(subscribe, 0).pipe(take(2), toArray()),
    )
    expect(events.map(({ type }) => type)).toEqual(['SUBSCRIBED', 'ERROR'])
  })

  it('reads nothing while paused, which is no silence', async () => {
    const events = 200_000
    let isWritten = false
    const server = await serve((_, response) => {
      openStream(response)
      // Five intervals are four seconds: a busy machine may be silent for a while when it goes on.
      response.write(subscribed(0.8))
      const frames = Array.from({ length: events }, () => errorEvent)
      response.write(Buffer.concat(frames), () => (isWritten = true))
    })
    let goOn: () => void = () => undefined
    const held = new Promise<void>((resolve) => (goOn = resolve))
    let chunks = 0
    let isHeld: () => void = () => undefined
    const holding = new Promise<void>((resolve) => (isHeld = resolve))
    const readOn = () => {
      isHeld()
      return chunks++ === 0 ? held : undefined
    }
    const connection = connect(server.url, { readOn })
    const all = firstValueFrom(connection.subscribe(subscribe, 0).pipe(take(events + 1), toArray()))
    await holding
    await new Promise((resolve) => setTimeout(resolve, 4100))
    expect({ chunks, isWritten }).toEqual({ chunks: 1, isWritten: false })
    goOn()
    expect(await all).toHaveLength(events + 1)
  })

  it('errors when the connection is cut', async () => {
    const server = await serve((seen, response) => {
      openStream(response)
      response.write(Buffer.concat([subscribed(15), Buffer.from('99\nhalf')]), () =>
        seen.socket.resetAndDestroy(),
      )
    })
    const { events, error } = await collect(connect(server.url).subscribe(subscribe, 0))
    expect(events.length).toBeLessThanOrEqual(1)
    expect(error).toMatchObject({ code: 'STREAM_ENDED', retryable: true })
    expect(error.cause).toMatchObject({ code: 'ECONNRESET' })
  })

  it.each([
    ['99999999999999\n', 'FRAME_TOO_LARGE', false],
    ['what is this\n', 'FRAME_INVALID', true],
    ['3\n\u0001\u0002\u0003', 'MESSAGE_INVALID', false],
  ])('errors on the bytes %j while the stream stays open', async (bytes, code, retryable) => {
    const server = await serve((_, response) => {
      openStream(response)
      response.write(Buffer.concat([subscribed(15), Buffer.from(bytes, 'latin1')]))
    })
    const { events, error } = await collect(connect(server.url).subscribe(subscribe, 0))
    expect(events.map(({ type }) => type)).toEqual(['SUBSCRIBED'])
    expect(error).toMatchObject({ code, retryable })
    await server.until(() => server.sockets.size === 0)
  })

  it('takes its frame bound from the options', async () => {
    const server = await serve((_, response) => {
      openStream(response)
      response.write(subscribed(15))
    })
    const { error } = await collect(
      connect(server.url, { maxFrameBytes: 4 }).subscribe(subscribe, 0),
    )
    expect(error.code).toBe('FRAME_TOO_LARGE')
  })

  it('emits ERROR as an event before the end', async () => {
    const server = await serve((_, response) => {
      openStream(response)
      response.end(fixture('removed/protobuf.recordio'))
    })
    const { events, error } = await collect(connect(server.url).subscribe(subscribe, 0))
    expect(events).toEqual([{ type: 'ERROR', error: { message: 'Framework has been removed' } }])
    expect(error.code).toBe('STREAM_ENDED')
  })

  it('closes the socket when unsubscribed, streaming or dialling', async () => {
    const server = await serve((seen, response) => {
      if (server.seen.length === 1) return masterThat(accept)(seen, response)
    })
    const connection = connect(server.url)
    const end = await subscribeAt(connection)
    end()
    await server.until(() => server.sockets.size === 0)
    const dialling = connection.subscribe(subscribe, 0).subscribe()
    await server.until(() => server.seen.length === 2)
    dialling.unsubscribe()
    await server.until(() => server.sockets.size === 0)
    await expect(connection.send(revive)).rejects.toMatchObject({ code: 'NOT_SUBSCRIBED' })
  })

  it('limits the time of a handshake', async () => {
    const mute = createTcpServer((socket) => socket.on('error', () => undefined).resume())
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    closers.push(() => new Promise((resolve) => mute.close(() => resolve())))
    const { port } = mute.address() as AddressInfo
    const connection = connect(`https://127.0.0.1:${port}`, { connectTimeoutMs: 50 })
    const { error } = await collect(connection.subscribe(subscribe, 0))
    expect(error).toMatchObject({ code: 'MASTER_UNREACHABLE', details: { maybeTaken: false } })
  })

  it('limits the time to the first byte of an answer', async () => {
    const server = await serve(() => undefined)
    const { error } = await collect(
      connect(server.url, { callTimeoutMs: 50 }).subscribe(subscribe, 0),
    )
    expect(error).toMatchObject({ code: 'MASTER_UNREACHABLE', retryable: true })
    await server.until(() => server.sockets.size === 0)
  })
})

describe('send', () => {
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

  it('waits for an answer before the next call', async () => {
    const held: (() => void)[] = []
    const server = await serve(
      masterThat((_, response) => {
        held.push(() => response.writeHead(202).end())
      }),
    )
    const connection = connect(server.url)
    await subscribeAt(connection)
    const first = connection.send(kill('one'))
    const second = connection.send(kill('two'))
    await server.until(() => server.seen.length === 2)
    expect(held).toHaveLength(1)
    held[0]?.()
    await first
    await server.until(() => server.seen.length === 3)
    held[1]?.()
    await second
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
    const server = await serve(masterThat((_, response) => void response.writeHead(503).end()))
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
    const held = Promise.allSettled([connection.send(revive), connection.send(revive)])
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

describe('close', () => {
  it('ends stream, calls and sockets', async () => {
    const server = await serve(masterThat(() => undefined))
    const connection = connect(server.url)
    const ended = collect(connection.subscribe(subscribe, 0))
    await server.until(() => server.seen.length === 1)
    while (connection.masterUrl === undefined) await new Promise(setImmediate)
    const held = expect(connection.send(revive)).rejects.toMatchObject({ code: 'NOT_SUBSCRIBED' })
    await server.until(() => server.seen.length === 2)
    await connection.close()
    expect((await ended).error).toMatchObject({ code: 'STREAM_ENDED', retryable: false })
    await held
    await server.until(() => server.sockets.size === 0)
  })

  it('refuses every later call', async () => {
    const server = await serve(masterThat(accept))
    const connection = connect(server.url)
    await connection.close()
    await connection.close()
    const { error } = await collect(connection.subscribe(subscribe, 0))
    expect(error).toMatchObject({ code: 'STREAM_ENDED', retryable: false })
    await expect(connection.send(revive)).rejects.toMatchObject({
      code: 'NOT_SUBSCRIBED',
      retryable: false,
    })
    expect(server.seen).toHaveLength(0)
  })
})
