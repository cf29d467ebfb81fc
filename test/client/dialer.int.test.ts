import type { AddressInfo } from 'node:net'
import { createServer as createTcpServer } from 'node:net'
import { firstValueFrom } from 'rxjs'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { schedulerCodec } from '../../src/mesos/codec.ts'
import type { MediaType } from '../../src/mesos/codec.ts'
import { startServer } from './replay-server.ts'
import type { Handler, ReplayServer } from './replay-server.ts'
import {
  subscribe,
  revive,
  accept,
  callsOf,
  serve,
  connect,
  collect,
  subscribeAt,
  masterThat,
  closeAll,
} from './test-master.ts'

afterEach(closeAll)

describe('a subscription', () => {
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

  it('names the server that it was redirected to', async () => {
    const leader = await serve(({ socket }) => void socket.destroy())
    const master = await serve((_, response) => {
      response.writeHead(307, { Location: `//127.0.0.1:${leader.port}` }).end()
    })
    const { error } = await collect(connect(master.url).subscribe(subscribe, 0))
    expect(error.message).toContain(`the master 127.0.0.1:${leader.port}: it closed the connection`)
  })

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

  it('limits the time of a handshake', async () => {
    const mute = createTcpServer((socket) => socket.on('error', () => undefined).resume())
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => new Promise((resolve) => mute.close(() => resolve())))
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
