import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { ServerOptions } from 'node:https'
import { createServer as createTcpServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Observable } from 'rxjs'
import { firstValueFrom } from 'rxjs'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { connectExecutor } from '../../../src/client/executor-connection.ts'
import { connectScheduler } from '../../../src/client/scheduler-connection.ts'
import { readTls } from '../../../src/client/http/tls.ts'
import type { TlsOptions } from '../../../src/client/http/tls.ts'
import { readAgentTls } from '../../../src/executor/agent/tls.ts'
import { executorCodec, schedulerCodec } from '../../../src/mesos/codec.ts'
import { encodeRecord } from '../../../src/mesos/recordio.ts'
import type { ExecutorCall, SchedulerCall } from '../../../src/mesos/types.generated.ts'
import { makeCertificate } from '../../support/servers/certificate.ts'
import { openStream, startServer } from '../replay-server.ts'

const frameworkId = { value: 'f-1' }
const subscribe: SchedulerCall = {
  type: 'SUBSCRIBE',
  subscribe: { frameworkInfo: { user: 'root', name: 'test' } },
}
const revive: SchedulerCall = { type: 'REVIVE', frameworkId }
const executorSubscribe: ExecutorCall = {
  type: 'SUBSCRIBE',
  frameworkId,
  executorId: { value: 'e-1' },
  subscribe: {},
}
const subscribed = encodeRecord(
  schedulerCodec('application/x-protobuf').encodeEvent({
    type: 'SUBSCRIBED',
    subscribed: { frameworkId, heartbeatIntervalSeconds: 15 },
  }),
)
const launched = encodeRecord(
  executorCodec('application/x-protobuf').encodeEvent({ type: 'SHUTDOWN' }),
)

const folder = await mkdtemp(join(tmpdir(), 'jarcast-tls-'))
const certificate = makeCertificate(folder)
const { certFile = '', keyFile = '' } = certificate ?? {}
const closers: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

/** A server that streams one event to who subscribes, and takes every call; resolves with its port. */
async function serve(event: Uint8Array, options: ServerOptions = {}): Promise<number> {
  const [cert, key] = [await readFile(certFile), await readFile(keyFile)]
  let posts = 0
  const server = createServer({ cert, key, ca: cert, ...options }, (incoming, response) => {
    incoming.resume()
    posts += 1
    if (posts > 1) {
      response.writeHead(202).end()
      return
    }
    openStream(response)
    response.write(event)
  })
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

function connect(master: string, tls?: TlsOptions) {
  const connection = connectScheduler(master, tls === undefined ? {} : { tls })
  closers.push(connection.close)
  return connection
}

function failureOf(stream$: Observable<unknown>): Promise<unknown> {
  return firstValueFrom(stream$).then(
    () => 'none',
    (error: unknown) => error,
  )
}

const unreachable = (message: RegExp) =>
  expect.objectContaining({
    code: 'MASTER_UNREACHABLE',
    retryable: true,
    message: expect.stringMatching(message) as string,
  }) as Error

describe.skipIf(certificate === undefined)('connectScheduler over TLS', () => {
  it('streams and calls with a CA file', async () => {
    const port = await serve(subscribed)
    const connection = connect(`https://127.0.0.1:${port}`, { caFile: certFile })
    const events: string[] = []
    await new Promise<void>((resolve, reject) => {
      const next = ({ type }: { readonly type: string }) => {
        events.push(type)
        resolve()
      }
      connection.subscribe(subscribe, 0).subscribe({ next, error: reject })
    })
    await connection.send(revive)
    expect(events).toEqual(['SUBSCRIBED'])
    expect(connection.masterUrl).toBe(`https://127.0.0.1:${port}`)
  })

  it('names the remedy for an unknown CA', async () => {
    const port = await serve(subscribed)
    const failure = await failureOf(connect(`https://127.0.0.1:${port}`).subscribe(subscribe, 0))
    expect(failure).toEqual(unreachable(/CA of its certificate.*--tls-ca/))
  })

  it('refuses a certificate for another name, and takes the given one', async () => {
    const port = await serve(subscribed)
    const named = (serverName: string) =>
      connect(`https://127.0.0.1:${port}`, { caFile: certFile, serverName }).subscribe(subscribe, 0)
    expect(await failureOf(named('other.example.com'))).toEqual(
      unreachable(/--tls-server-name.*other\.example\.com/),
    )
    expect(await firstValueFrom(named('localhost'))).toMatchObject({ type: 'SUBSCRIBED' })
  })

  it('shows its certificate to masters that ask for one', async () => {
    const strict = { requestCert: true, rejectUnauthorized: true }
    const port = await serve(subscribed, strict)
    const url = `https://127.0.0.1:${port}`
    const without = connect(url, { caFile: certFile }).subscribe(subscribe, 0)
    // What the server says of it may get lost in the reset that follows.
    expect(await failureOf(without)).toEqual(
      unreachable(/requires a client certificate|ECONNRESET|EPIPE/),
    )
    const tls = { caFile: certFile, certFile, keyFile }
    expect(await firstValueFrom(connect(url, tls).subscribe(subscribe, 0))).toMatchObject({
      type: 'SUBSCRIBED',
    })
  })

  it('says that a master does not speak TLS', async () => {
    const server = await startServer(() => undefined)
    closers.push(server.close)
    const failure = await failureOf(
      connect(`https://127.0.0.1:${server.port}`).subscribe(subscribe, 0),
    )
    expect(failure).toEqual(unreachable(/^.*: it does not speak TLS on this port; try http.*$/))
  })

  it.each([
    ['lets anybody in', {}],
    ['asks for a certificate', { requestCert: true, rejectUnauthorized: true }],
  ])('says that a master speaks it that %s', async (_, options) => {
    const port = await serve(subscribed, options)
    const failure = await failureOf(connect(`127.0.0.1:${port}`).subscribe(subscribe, 0))
    expect(failure).toEqual(unreachable(new RegExp(`speaks TLS: write https://127.0.0.1:${port}`)))
  })

  it.each([
    ['hangs up', '', /closed the connection without an answer/],
    ['speaks something else', '220 mail.example ESMTP\r\n', /does not speak HTTP/],
  ])('says that a server is no master that %s', async (_, greeting, message) => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end(greeting))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(async () => {
      await new Promise((resolve) => server.close(resolve))
    })
    const { port } = server.address() as AddressInfo
    const failure = await failureOf(connect(`127.0.0.1:${port}`).subscribe(subscribe, 0))
    expect(failure).toEqual(unreachable(message))
  })
})

describe.skipIf(certificate === undefined)('connectExecutor over TLS', () => {
  const failureWith = async (env: NodeJS.ProcessEnv) => {
    const port = await serve(launched)
    const tls = readAgentTls(env)
    const connection = connectExecutor(`https://127.0.0.1:${port}`, { tls })
    closers.push(connection.close)
    return await failureOf(connection.subscribe(executorSubscribe, 0))
  }

  it.each([
    ['any certificate unless told otherwise', {}],
    ['that of the CA file', { LIBPROCESS_SSL_CA_FILE: certFile }],
  ])('takes %s', async (_, env) => {
    expect(await failureWith(env)).toBe('none')
  })

  it('refuses an unknown authority if it has to check', async () => {
    expect(await failureWith({ LIBPROCESS_SSL_VERIFY_SERVER_CERT: 'true' })).toMatchObject({
      code: 'AGENT_UNREACHABLE',
      retryable: true,
    })
  })
})

describe.skipIf(certificate === undefined)('readTls', () => {
  const garbage = join(folder, 'garbage.pem')

  it.each([
    [{ caFile: '/none.pem' }, /tls\.caFile cannot be read.*\/none\.pem/],
    [{ caFile: garbage }, /tls\.caFile .*garbage\.pem has no certificate/],
    [{ certFile }, /tls\.keyFile is missing/],
    [{ keyFile }, /tls\.certFile is missing/],
    [{ certFile, keyFile: garbage }, /tls\.keyFile .*garbage\.pem cannot be used/],
  ])('refuses %j', async (options, message) => {
    await writeFile(garbage, 'no certificate, but a secret')
    expect(() => readTls(options)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(message) as string,
      }),
    )
    expect(() => readTls(options)).not.toThrow(/secret/)
  })

  it('refuses a key of another certificate', async () => {
    const other = await mkdtemp(join(folder, 'other-'))
    const files = makeCertificate(other)
    expect(() => readTls({ certFile, keyFile: files?.keyFile ?? '' })).toThrow(/belong to certFile/)
  })
})
