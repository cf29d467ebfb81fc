import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { CallLine } from '../../../src/client/calls/call-line.ts'
import type { CallLineOptions } from '../../../src/client/calls/call-line.ts'
import { createConnector } from '../../../src/client/http/connector.ts'
import type { HttpFailure } from '../../../src/client/http/http-failure.ts'
import { readTls } from '../../../src/client/http/tls.ts'
import type { TlsSettings } from '../../../src/client/http/tls.ts'
import { JarcastError } from '../../../src/errors.ts'
import { monotonicScheduler } from '../../../src/streams/monotonic-scheduler.ts'
import { makeCertificate } from '../../support/servers/certificate.ts'
import { startScripted } from './scripted-server.ts'
import type { ScriptedServer } from './scripted-server.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

type Options = Partial<CallLineOptions<string>> & {
  readonly server?: ScriptedServer
  readonly tls?: TlsSettings
}

/** A line to a scripted server. Calls are words; small letters are repeatable. */
async function start({ server: given, tls = {}, ...options }: Options = {}) {
  const server = given ?? (await startScripted())
  const limits = { connectTimeoutMs: 10_000, scheduler: monotonicScheduler }
  const connector = createConnector({ ...limits, tls })
  closers.push(server.close, connector.close)
  const line = new CallLine<string>({
    ...limits,
    url: server.url,
    headers: { 'X-Test': 'yes' },
    connector,
    answerTimeoutMs: 60_000,
    random: () => 0,
    maxAttempts: 5,
    encode: (call) => Buffer.from(call),
    isBestEffort: () => false,
    isRepeatable: (call) => call === call.toLowerCase(),
    isBarrier: (call) => call.startsWith('!'),
    refusalOf: (call, { status }) => (status === 202 ? undefined : failed(call, status)),
    failureOf: (call, failure) => {
      const { kind, message } = failure as HttpFailure
      return failed(call, message, { maybeTaken: kind !== 'connect' })
    },
    ...options,
  })
  const results: string[] = []
  const send = (...calls: string[]) =>
    Promise.all(
      calls.map((call) =>
        line.send(call).then(
          () => results.push(call),
          (error: JarcastError) => results.push(error.message),
        ),
      ),
    )
  /** The calls that have arrived, on each connection. */
  const arrived = () =>
    server.pieces.map((pieces) =>
      pieces
        .join('')
        .split(/POST .*?\r\n\r\n/s)
        .slice(1)
        .join(' '),
    )
  const arrive = (...calls: string[]) => server.until(() => arrived().join('|') === calls.join('|'))
  const end = () => {
    line.end({
      notSent: (call) => failed(call, 'not sent', { maybeTaken: false }),
      interrupted: (call) => failed(call, 'interrupted'),
    })
  }
  return { server, line, send, results, arrived, arrive, end }
}

/** A line whose connection is known to be kept. */
async function startKept(options?: Options) {
  const started = await start(options)
  const first = started.send('0')
  await started.arrive('0')
  started.server.write(accepted)
  await first
  started.results.length = 0
  return started
}

function failed(call: string, why: string | number, { maybeTaken = true } = {}): JarcastError {
  const details = { maybeTaken: why === 503 ? false : maybeTaken }
  const retryable = why !== 400
  return new JarcastError('MASTER_UNREACHABLE', `${call} ${why}`, { retryable, details })
}

const answer = (status: number) => `HTTP/1.1 ${status} \r\nContent-Length: 0\r\n\r\n`
const accepted = answer(202)
const closing = 'HTTP/1.1 202 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n'

describe('CallLine', () => {
  it('writes each call as one request', async () => {
    const { arrive, send, server } = await start()
    void send('one')
    await arrive('one')
    expect(server.pieces).toEqual([
      [
        `POST /calls HTTP/1.1\r\nHost: ${server.url.host}\r\nX-Test: yes\r\nContent-Length: 3\r\n\r\none`,
      ],
    ])
  })

  it('writes the calls of one turn in one piece, in order', async () => {
    const { arrive, results, send, server } = await startKept()
    const sent = send('a', 'B', 'c')
    await arrive('0 a B c')
    expect(server.pieces[0]).toHaveLength(2)
    server.write(accepted + answer(400) + accepted)
    await sent
    expect(results).toEqual(['a', 'B 400', 'c'])
  })

  it('has at most 64 calls in flight', async () => {
    const calls = Array.from({ length: 100 }, (_, index) => `c${index}`)
    const { arrive, arrived, send, server } = await startKept()
    const sent = send(...calls)
    await arrive(`0 ${calls.slice(0, 64).join(' ')}`)
    server.write(accepted)
    await arrive(`0 ${calls.slice(0, 65).join(' ')}`)
    server.write(accepted.repeat(64))
    await arrive(`0 ${calls.join(' ')}`)
    server.write(accepted.repeat(35))
    await sent
    expect(arrived()).toHaveLength(1)
  })

  it('sends calls on that a server did not read, each once', async () => {
    const { arrive, results, send, server } = await startKept()
    const sent = send('a', 'B', 'C')
    await arrive('0 a B C')
    server.write(closing)
    await arrive('0 a B C', 'B')
    server.write(accepted)
    await arrive('0 a B C', 'B C')
    server.write(accepted)
    await sent
    expect(results).toEqual(['a', 'B', 'C'])
  })

  it('sends one call per connection to a server that closes each', async () => {
    const { arrive, send, server } = await start()
    const sent = send('a', 'b', 'c')
    await arrive('a')
    server.write(closing)
    await arrive('a', 'b')
    server.write('HTTP/1.0 202 \r\nContent-Length: 0\r\n\r\n')
    await arrive('a', 'b', 'c')
    server.write(accepted)
    await sent
  })

  it('sends calls again, once, that found the connection closed', async () => {
    const { arrive, results, send, server } = await startKept()
    const sent = send('A', 'B')
    await arrive('0 A B')
    server.sockets[0]?.resetAndDestroy()
    await arrive('0 A B', 'A')
    server.sockets[1]?.resetAndDestroy()
    await arrive('0 A B', 'A', 'B')
    server.write(accepted)
    await sent
    expect(results).toEqual([expect.stringMatching(/^A .*ECONNRESET/), 'B'])
  })

  it('remembers that a call may have been taken which found the connection closed', async () => {
    const { arrive, line, server } = await startKept()
    const sent = line.send('A')
    await arrive('0 A')
    server.sockets[0]?.resetAndDestroy()
    await arrive('0 A', 'A')
    server.write(answer(503))
    await expect(sent).rejects.toMatchObject({ message: 'A 503', details: { maybeTaken: true } })
  })

  it('remembers it of a call that waits when its subscription ends', async () => {
    const { arrive, end, line, server } = await startKept()
    const sent = [line.send('a'), line.send('B')]
    await arrive('0 a B')
    server.sockets[0]?.resetAndDestroy()
    await arrive('0 a B', 'a')
    end()
    expect(await Promise.allSettled(sent)).toMatchObject([
      { reason: { message: 'a interrupted', details: { maybeTaken: true } } },
      { reason: { message: 'B interrupted', details: { maybeTaken: true } } },
    ])
  })

  it('remembers it when the server is gone', async () => {
    const { arrive, line, server } = await startKept()
    const sent = line.send('A')
    await arrive('0 A')
    await server.close()
    await expect(sent).rejects.toMatchObject({
      message: expect.stringContaining('ECONNREFUSED') as string,
      details: { maybeTaken: true },
    })
  })

  it('reports calls that may have been taken, and repeats the others in order', async () => {
    const { arrive, results, send, server } = await startKept()
    const taken = send('a')
    const sent = send('B', 'c', 'd')
    await arrive('0 a B c d')
    server.write(accepted)
    await taken
    server.sockets[0]?.destroy()
    await arrive('0 a B c d', 'c')
    expect(results).toEqual(['a', expect.stringMatching(/^B .*closed/)])
    server.write(accepted)
    await arrive('0 a B c d', 'c d')
    server.write(accepted)
    await sent
  })

  it('repeats what was accepted behind a failed call, before the calls that wait', async () => {
    const { arrive, results, send, server } = await startKept()
    const before = send('suppress')
    const taken = send('ACCEPT')
    const behind = send('revive')
    await arrive('0 suppress ACCEPT revive')
    server.write(answer(503) + accepted)
    await taken
    const late = send('late')
    server.write(accepted)
    await arrive('0 suppress ACCEPT revive suppress revive late')
    server.write(accepted.repeat(3))
    await Promise.all([before, behind, late])
    expect(results).toEqual(['ACCEPT', 'suppress', 'revive', 'late'])
  })

  it('gives up a call after five attempts, and then sends the next', async () => {
    const { arrive, results, send, server } = await startKept()
    const sent = send('A', 'b')
    let arrivals = '0 A b'
    for (let attempt = 1; attempt <= 5; attempt++) {
      await arrive(arrivals)
      server.write(answer(503) + accepted)
      if (attempt < 5) arrivals += ' A b'
    }
    await sent
    expect(results).toEqual(['A 503', 'b'])
  })

  it('lets later calls wait for the answer to a barrier', async () => {
    const { arrive, send, server } = await startKept()
    const sent = send('a', '!b', 'c', 'd')
    await arrive('0 a !b')
    server.write(accepted + answer(503))
    await arrive('0 a !b !b')
    server.write(accepted)
    await arrive('0 a !b !b c d')
    server.write(accepted + accepted)
    await sent
  })

  it('refuses best-effort calls above its limit', async () => {
    const { line, send } = await start({ maxWaiting: 2, isBestEffort: (call) => call === 'x' })
    void send('a', 'b', 'c')
    await expect(line.send('x')).rejects.toMatchObject({ code: 'CALL_QUEUE_FULL' })
  })

  it('rejects only a call that cannot be encoded', async () => {
    const encode = (call: string) => {
      if (call === 'bad') throw new Error('no such call')
      return Buffer.from(call)
    }
    const { arrive, results, send, server } = await startKept({ encode })
    const sent = send('a', 'bad', 'b')
    await arrive('0 a b')
    server.write(accepted + accepted)
    await sent
    expect(results).toEqual(['bad no such call', 'a', 'b'])
  })

  it('tells at its end what was sent', async () => {
    const { arrive, end, results, send, server } = await startKept({ random: () => 0.999 })
    const [failing, repeated] = [send('a'), send('b')]
    const taken = send('C')
    const [flying, late] = [send('d'), send('late')]
    await arrive('0 a b C d late')
    server.write(answer(503) + accepted + accepted)
    await taken
    const waiting = send('waiting')
    end()
    await Promise.all([failing, repeated, flying, late, waiting])
    expect(results).toEqual([
      'C',
      'd interrupted',
      'late interrupted',
      'a 503',
      'b',
      'waiting not sent',
    ])
    await send('after')
    expect(results.at(-1)).toBe('after not sent')
    await server.until(() => server.sockets[0]?.destroyed === true)
  })

  it('refuses headers that would be more than one', async () => {
    await expect(start({ headers: { A: 'b\r\nC: d' } })).rejects.toThrow(/header A/)
  })

  it('speaks TLS', async ({ skip }) => {
    const folder = await mkdtemp(join(tmpdir(), 'jarcast-calls-'))
    closers.push(() => rm(folder, { recursive: true }))
    const files = makeCertificate(folder)
    if (files === undefined) return skip('needs openssl')
    const { certFile, keyFile } = files
    const server = await startScripted({
      tls: { cert: await readFile(certFile), key: await readFile(keyFile) },
    })
    const tls = readTls({ caFile: certFile, serverName: 'localhost' })
    const { arrive, send, results } = await startKept({ server, tls })
    const sent = send('a', 'b')
    await arrive('0 a b')
    server.write(accepted + accepted)
    await sent
    expect(results).toEqual(['a', 'b'])
  })
})
