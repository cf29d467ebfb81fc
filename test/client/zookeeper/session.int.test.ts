import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { firstValueFrom } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import { juteBuffer, juteInt } from '../../../src/client/zookeeper/jute.ts'
import { openSession } from '../../../src/client/zookeeper/session.ts'
import type { ZooKeeperSession } from '../../../src/client/zookeeper/session.ts'
import type { JarcastError } from '../../../src/errors.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A server that says it is a ZooKeeper, and answers as it likes: `hear` gets each message of the client. */
async function pretend(hear: (message: Buffer, socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    let held = Buffer.alloc(0)
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      held = Buffer.concat([held, chunk])
      while (held.length >= 4 && held.length >= 4 + held.readInt32BE(0)) {
        const message = held.subarray(4, 4 + held.readInt32BE(0))
        held = held.subarray(4 + message.length)
        hear(message, socket)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

const granted = (timeoutMs: number) =>
  juteBuffer(
    Buffer.concat([juteInt(0), juteInt(timeoutMs), Buffer.alloc(8), juteBuffer(Buffer.alloc(16))]),
  )
const answer = (xid: number, code: number, body: Buffer = Buffer.alloc(0)) =>
  juteBuffer(Buffer.concat([juteInt(xid), Buffer.alloc(8), juteInt(code), body]))

/** Grants a session, then leaves what follows to `hear`. */
function granting(hear: (message: Buffer, socket: Socket) => void) {
  const known = new WeakSet<Socket>()
  return (message: Buffer, socket: Socket) => {
    if (known.has(socket)) {
      hear(message, socket)
      return
    }
    known.add(socket)
    socket.write(granted(4000))
  }
}

const open = (port: number, more = {}) =>
  openSession({ host: '127.0.0.1', port }, { digest: undefined, connectTimeoutMs: 300, ...more })

/** What a session ends with, once `use` had it. */
function endOf(port: number, use: (session: ZooKeeperSession) => Promise<unknown>, more = {}) {
  return new Promise<JarcastError>((resolve) => {
    open(port, more).subscribe({
      next: (session) => void use(session).catch(() => undefined),
      error: resolve,
    })
  })
}

const unreachable = { code: 'ZOOKEEPER_UNREACHABLE', retryable: true }

describe('openSession', () => {
  it.each([
    ['a web server', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['no session', () => granted(0)],
    ['an answer that is cut short', () => juteBuffer(juteInt(0))],
    ['an endless message', () => juteInt(0x7fff_ffff)],
  ])('refuses %s', async (_, first) => {
    const port = await pretend((_message, socket) => socket.write(first()))
    expect(await endOf(port, () => Promise.resolve())).toMatchObject(unreachable)
  })

  it('gives up on a silent server', async () => {
    const port = await pretend(() => undefined)
    const error = await endOf(port, () => Promise.resolve())
    expect(error).toMatchObject(unreachable)
    expect(error.message).toContain('nothing was heard for 0.3 s')
  })

  it('gives up on a server that answers pings alone', async () => {
    const ping = -2
    const port = await pretend(
      granting((message, socket) => {
        if (message.readInt32BE(0) === ping) socket.write(answer(ping, 0))
      }),
    )
    let asked: Promise<unknown> | undefined
    const ask = (session: ZooKeeperSession) => (asked = session.children('/mesos'))
    const error = await endOf(port, ask, { requestTimeoutMs: 300 })
    expect(error).toMatchObject(unreachable)
    expect(error.message).toContain('it does not answer a request within 0.3 s')
    await expect(asked).rejects.toMatchObject(unreachable)
  })

  it('names the unreachable server', async () => {
    const error = await endOf(1, () => Promise.resolve())
    expect(error).toMatchObject({ ...unreachable, details: { server: '127.0.0.1:1' } })
    expect(error.message).toContain('ECONNREFUSED')
  })

  it.each([
    ['an answer to no question', answer(99, 0)],
    ['an answer that lies about its length', answer(1, 0, juteInt(1000))],
    ['an error that nobody expects', answer(1, -5)],
  ])('ends with %s', async (_, reply) => {
    const port = await pretend(granting((_message, socket) => socket.write(reply)))
    let asked: Promise<unknown> | undefined
    const error = await endOf(port, (session) => (asked = session.children('/mesos')))
    expect(error).toMatchObject(unreachable)
    await expect(asked).rejects.toMatchObject(unreachable)
  })

  it.each([-102, -115, -124])('is rejected finally with code %i', async (code) => {
    const port = await pretend(granting((_message, socket) => socket.write(answer(1, code))))
    const error = await endOf(port, (session) => session.data('/mesos'), { digest: undefined })
    expect(error).toMatchObject({ code: 'ZOOKEEPER_REJECTED', retryable: false })
  })

  it('is rejected finally with rejected credentials', async () => {
    const port = await pretend(granting((_message, socket) => socket.write(answer(-4, -115))))
    const error = await endOf(port, () => Promise.resolve(), { digest: 'me:hush' })
    expect(error).toMatchObject({ code: 'ZOOKEEPER_REJECTED', retryable: false })
    expect(error.message).not.toContain('hush')
  })

  it('distinguishes a missing node from one that exists', async () => {
    const port = await pretend(
      granting((message, socket) => {
        const xid = message.readInt32BE(0)
        const isMissing = message.toString().includes('/none')
        const children = Buffer.concat([juteInt(1), juteBuffer('child')])
        if (xid > 0)
          socket.write(answer(xid, isMissing ? -101 : 0, isMissing ? undefined : children))
      }),
    )
    const session$ = open(port)
    await new Promise<void>((resolve, reject) => {
      const subscription = session$.subscribe({
        error: reject,
        next: (session) => {
          const all = Promise.all([
            session.children('/some'),
            session.children('/none'),
            session.exists('/some'),
            session.exists('/none'),
            session.data('/none'),
          ])
          all.then((answers) => {
            expect(answers).toEqual([['child'], undefined, true, false, undefined])
            subscription.unsubscribe()
            resolve()
          }, reject)
        },
      })
    })
  })

  it('limits requests in flight, and rejects them at its end', async () => {
    const port = await pretend(granting(() => undefined))
    const session$ = open(port)
    const outcomes = await new Promise<PromiseSettledResult<unknown>[]>((resolve) => {
      const subscription = session$.subscribe((session) => {
        const asked = Array.from({ length: 20 }, () => session.data('/mesos'))
        void Promise.allSettled(asked).then(resolve)
        void Promise.race(asked).catch(() => subscription.unsubscribe())
      })
    })
    expect(outcomes.map(({ status }) => status)).toEqual(Array<string>(20).fill('rejected'))
  })

  it('closes its session when unsubscribed', async () => {
    const closed = new Promise<number>((resolve) => {
      void pretend(
        granting((message) => {
          if (message.readInt32BE(4) === -11) resolve(message.length)
        }),
      ).then(async (port) => await firstValueFrom(open(port)))
    })
    expect(await closed).toBe(8)
  })
})
