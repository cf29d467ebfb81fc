/** A task's files over https, from a master and agent that know only callers of their own CA. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { TlsOptions } from '../../../src/client/http/tls.ts'
import { createSandbox } from '../../../src/framework/inspection/sandbox.ts'
import { createTaskFiles } from '../../../src/framework/sandbox/task-files.ts'
import { agentResponseCodec } from '../../../src/mesos/codec.ts'
import { makeCertificate } from '../../support/servers/certificate.ts'

const folder = await mkdtemp(join(tmpdir(), 'jarcast-sandbox-'))
const certificate = makeCertificate(folder)
const { certFile = '', keyFile = '' } = certificate ?? {}
const hello = agentResponseCodec('application/x-protobuf').encodeEvent({
  type: 'READ_FILE',
  readFile: { size: 6, data: Buffer.from('hello\n').toString('base64') },
})
const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})
afterAll(() => rm(folder, { recursive: true }))

/** A master that is its own agent, asks for a client certificate, and checks credentials. */
async function startMaster(answerWith?: string): Promise<string> {
  const [cert, key] = [await readFile(certFile), await readFile(keyFile)]
  const wanted = `Basic ${Buffer.from('me:secret').toString('base64')}`
  const options = { cert, key, ca: cert, requestCert: true, rejectUnauthorized: true }
  const server = createServer(options, ({ url = '', headers }, res) => {
    const { pathname } = new URL(url, 'https://agent')
    const { port } = server.address() as AddressInfo
    if (headers.authorization !== wanted) res.writeHead(401).end()
    else if (answerWith !== undefined) res.end(answerWith)
    else if (pathname === '/slaves')
      res.end(JSON.stringify({ slaves: [{ pid: `slave(1)@localhost:${port}` }] }))
    else res.end(hello)
  })
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `https://localhost:${(server.address() as AddressInfo).port}`
}

function read(url: string, tls: TlsOptions | undefined) {
  const credentials = { principal: 'me', secret: 'secret' }
  const files = createTaskFiles({ masterUrl: () => url, credentials, tls })
  closing.unshift(() => Promise.resolve(files.close()))
  const place = { frameworkId: 'f', agentId: 'a', executorId: 'e', launchId: 't', isOver: true }
  const sandbox = createSandbox({ files, placeOf: () => place })
  return sandbox({ taskId: 't', file: 'stdout', offset: 0 })
}

describe.skipIf(certificate === undefined)(
  'createSandbox over TLS (skipped: needs openssl)',
  () => {
    it('reads files with the CA, client certificate and credentials of the framework', async () => {
      const url = await startMaster()
      const file = await read(url, { caFile: certFile, certFile, keyFile })
      expect(file).toEqual({ offset: 0, text: 'hello\n', next: 6, size: 6, isOver: true })
    })

    it('names the remedy for a certificate that it does not trust', async () => {
      const reading = read(await startMaster(), undefined)
      await expect(reading).rejects.toMatchObject({
        code: 'AGENT_UNREACHABLE',
        message: expect.stringContaining('--tls-ca') as string,
      })
    })

    it('reads no answer beyond its bound, and none that is no JSON', async () => {
      const tls = { caFile: certFile, certFile, keyFile }
      const large = read(await startMaster(JSON.stringify('x'.repeat(2 ** 20))), tls)
      await expect(large).rejects.toMatchObject({ code: 'AGENT_UNREACHABLE' })
      const text = read(await startMaster('<html>'), tls)
      await expect(text).rejects.toMatchObject({ code: 'AGENT_UNREACHABLE' })
    })
  },
)
