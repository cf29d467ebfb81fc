import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createAdmission } from '../../../src/access/admission.ts'
import { MemoryReader } from '../../../src/server/blobs/blob.ts'
import { createFirstBytes } from '../../../src/server/fast-path/first-bytes.ts'
import type { FastAnswers } from '../../../src/server/fast-path/fast-answers.ts'
import { FastConnection } from '../../../src/server/fast-path/fast-connection.ts'
import { until } from '../support.ts'

/** Answers everything with one byte. */
const answers: FastAnswers = {
  prepare(_, { closed }) {
    const turn = createAdmission().enterNow({ remoteAddress: 'a', closed, cut: () => undefined })
    if (turn === undefined) return undefined
    const record = { method: 'GET', path: '/', status: 200, sentBytes: 0, isAborted: false }
    const part = { start: 0, end: 0 }
    const answer = { status: 200, headers: {}, parts: [part] }
    return { answer, part, turn, record, reader: new MemoryReader(Buffer.from('x')) }
  },
  addBytes: () => undefined,
  end: () => undefined,
}

interface Opened {
  readonly client: Socket
  readonly connection: FastConnection
  /** The names of its calls. */
  readonly calls: readonly string[]
}

async function openConnection(answeredBy = answers): Promise<Opened> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [socket] = (await once(server, 'connection')) as [Socket]
  onTestFinished(() => {
    for (const each of [client, socket]) each.destroy()
  })
  const calls: string[] = []
  const noteCall = (name: string) => () => void calls.push(name)
  const connection = new FastConnection(socket, {
    answers: answeredBy,
    firstBytesOf: createFirstBytes(15_000),
    idleTimeoutMs: 60_000,
    headersTimeoutMs: 10_000,
    keepAliveMs: 15_000,
    isStopping: () => false,
    onBegin: noteCall('onBegin'),
    onEnd: noteCall('onEnd'),
    onUnknown: noteCall('onUnknown'),
    onGone: noteCall('onGone'),
  })
  return { client, connection, calls }
}

describe('FastConnection', () => {
  it('closes a connection without a request after the time for headers', async () => {
    const { client, connection } = await openConnection()
    connection.checkTime(performance.now() + 9000)
    expect(client.destroyed).toBe(false)
    connection.checkTime(performance.now() + 11_000)
    client.resume()
    await until(() => client.readableEnded)
  })

  it('closes a connection after the time between two requests', async () => {
    const { client, connection } = await openConnection()
    client.write('GET')
    await once(client, 'data')
    connection.checkTime(performance.now() + 12_000)
    client.write('GET')
    await once(client, 'data')
    connection.checkTime(performance.now() + 16_000)
    client.resume()
    await until(() => client.readableEnded)
  })

  it('is closed between two requests when the server stops', async () => {
    const { client, connection } = await openConnection()
    client.write('GET')
    await once(client, 'data')
    connection.closeIfIdle()
    client.resume()
    await until(() => client.readableEnded)
  })

  it('ends a request that it cannot answer after node:http has begun it', async () => {
    const { client, calls } = await openConnection({ ...answers, prepare: async () => undefined })
    client.write('GET')
    await until(() => calls.includes('onEnd'))
    expect(calls).toEqual(['onBegin', 'onGone', 'onUnknown', 'onEnd'])
  })
})
