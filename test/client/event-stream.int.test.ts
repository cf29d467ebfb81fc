import { firstValueFrom, take, toArray } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import { fixture, openStream, writePieces } from './replay-server.ts'
import {
  subscribe,
  revive,
  subscribed,
  heartbeat,
  errorEvent,
  accept,
  serve,
  connect,
  collect,
  subscribeAt,
  masterThat,
  closeAll,
} from './test-master.ts'

afterEach(closeAll)

describe('the stream of a subscription', () => {
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
})
