import { afterEach, describe, expect, it } from 'vitest'
import {
  subscribe,
  revive,
  accept,
  serve,
  connect,
  collect,
  masterThat,
  closeAll,
} from './test-master.ts'

afterEach(closeAll)

describe('a connection that is closed', () => {
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
