import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as secureRequest } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { connect as secureConnect } from 'node:tls'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { createJarServer } from '../../src/server/jar-server.ts'
import type { JarServerOptions } from '../../src/server/jar-server-options.ts'
import type { JarServer } from '../../src/server/jar-server.ts'
import { makeCertificate } from '../support/servers/certificate.ts'
import type { CertificateFiles } from '../support/servers/certificate.ts'
import {
  dial,
  openStore,
  request,
  sendRaw,
  startServer,
  temporaryFolder,
  until,
} from './support.ts'

const folder = await mkdtemp(join(tmpdir(), 'jarcast-tls-'))
const certificate = makeCertificate(folder)
afterAll(() => rm(folder, { recursive: true }))

async function serve(options: JarServerOptions = {}): Promise<JarServer> {
  const own = await temporaryFolder()
  await writeFile(join(own, 'a.jar'), 'a library')
  await writeFile(join(own, 'program.mjs'), 'a program')
  const store = await openStore()
  return await startServer({
    libraries: await store.stage([join(own, 'a.jar')]),
    extras: [await store.stageFile(join(own, 'program.mjs'))],
    open: false,
    tls: certificate as CertificateFiles,
    ...options,
  })
}

async function getSecurely(uri: string, ca?: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const options = { agent: false, ...(ca !== undefined && { ca }) } as const
    const sent = secureRequest(uri, options, (answer) => {
      void buffer(answer).then((body) => resolve(`${answer.statusCode} ${body.toString()}`))
    })
    sent.once('error', reject).end()
  })
}

describe.skipIf(certificate === undefined)('a jar server with a certificate', () => {
  it('speaks https to clients with its CA', async () => {
    const server = await serve()
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    const { ca } = server.accessTo('a'.repeat(64)) ?? {}
    expect(ca).toBe(readFileSync(certificate?.certFile ?? '', 'utf8'))
    expect(await getSecurely(server.uriOf('a.jar'), ca)).toBe('200 a library')
    expect(await getSecurely(`${server.url}/0_a.jar`, ca)).toMatch(/^401 /)
    await expect(getSecurely(server.uriOf('a.jar'))).rejects.toThrow(/self.signed/)
  })

  it("gives no more than the executor's program to those that do not ask for https", async () => {
    const server = await serve()
    const program = server.uriOf('program.mjs')
    expect(program).toMatch(/^http:/)
    expect((await request(program)).body.toString()).toBe('a program')
    const plain = server.uriOf('a.jar').replace(/^https:/, 'http:')
    for (const uri of [plain, new URL('/', plain).href, new URL('/status.json', plain).href])
      expect((await request(uri)).status).toBe(403)
  })

  it('refuses foreign web pages also without TLS', async () => {
    const server = await serve()
    const program = server.uriOf('program.mjs')
    const { pathname } = new URL(program)
    const rebound = `GET ${pathname} HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n`
    expect((await sendRaw(program, rebound)).toString()).toMatch(/^HTTP\/1.1 403 /)
    for (const head of [{ Origin: 'http://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }])
      expect((await request(program, head)).status).toBe(403)
  })

  it('answers known requests as it answers others, byte for byte', async () => {
    const server = await serve()
    const uri = new URL(server.uriOf('a.jar'))
    const { ca = '' } = server.accessTo('a'.repeat(64)) ?? {}
    const socket = secureConnect({ host: uri.hostname, port: Number(uri.port), ca })
    let text = ''
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
    const answers: string[] = []
    for (const header of ['', 'Range: bytes=2-5\r\n', 'X-Unknown: 1\r\n', 'Range: bytes=2-5\r\n']) {
      text = ''
      socket.write(`GET ${uri.pathname} HTTP/1.1\r\nHost: a\r\n${header}\r\n`)
      await until(() => /libr(ary)?$/.test(text))
      answers.push(text.replace(/^Date: .*$/m, ''))
    }
    socket.destroy()
    const [whole, part, wholeByNode, partByNode] = answers
    expect([whole, part]).toEqual([wholeByNode, partByNode])
    expect(whole).toMatch(/^HTTP\/1\.1 200 .*\r\n\r\na library$/s)
  })

  it('closes silent connections and incomplete handshakes', async () => {
    const server = await serve()
    const silent = dial(server.url)
    const half = connect(Number(new URL(server.url).port), '127.0.0.1')
    half.on('error', () => undefined)
    half.write(Buffer.from([22, 3, 1]))
    await until(() => !silent.connecting && !half.connecting)
    expect((await request(server.uriOf('program.mjs'))).status).toBe(200)
    await server.close(0)
    await until(() => silent.closed && half.closed)
  })

  it.each([
    ['silent', Buffer.of()],
    ['in the middle of a handshake', Buffer.from([22, 3, 1])],
  ])('lets others in while one address has all connections, %s', async (_, bytes) => {
    const server = await serve({ maxConnections: 20 })
    const { ca } = server.accessTo('a'.repeat(64)) ?? {}
    const port = Number(new URL(server.url).port)
    const sockets = Array.from({ length: 60 }, () =>
      connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' }),
    )
    onTestFinished(() => sockets.forEach((socket) => socket.destroy()))
    for (const socket of sockets) {
      socket.on('error', () => undefined)
      socket.write(bytes)
    }
    const open = () => sockets.filter(({ closed }) => !closed)
    // Those that there is no room for go at once, not when their time is over.
    await until(() => open().length <= 20)
    expect(open()).toHaveLength(20)
    for (let index = 0; index < 10; index += 1)
      expect(await getSecurely(server.uriOf('a.jar'), ca)).toBe('200 a library')
  })

  it('refuses unusable files, and open together with TLS', async () => {
    const { certFile, keyFile } = certificate as CertificateFiles
    const other = makeCertificate(await temporaryFolder()) as CertificateFiles
    const make = (tls: CertificateFiles, open = false) => {
      try {
        createJarServer({ tls, open })
        return 'made'
      } catch (error) {
        return (error as Error).message
      }
    }
    expect(make({ certFile, keyFile: other.keyFile })).toContain('is not the key of')
    expect(make({ certFile: keyFile, keyFile })).toContain('has no certificate in PEM')
    expect(make({ certFile, keyFile: certFile })).toContain('has no key')
    expect(make({ certFile: '/nowhere', keyFile })).toContain('certFile /nowhere: ENOENT')
    expect(make({ certFile, keyFile }, true)).toContain('leave out open, or tls')
  })
})
