import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../src/local/cluster.ts'
import { makeCertificate } from '../support/servers/certificate.ts'
import { ask } from './support/client.ts'

describe('tls', () => {
  it('serves master and agents over HTTPS only, also for executors', async (context) => {
    const directory = await mkdtemp(join(tmpdir(), 'jarcast-tls-'))
    context.onTestFinished(() => rm(directory, { recursive: true }))
    const files = makeCertificate(directory)
    if (files === undefined) return context.skip('needs openssl')
    const cluster = await startLocalCluster({ tls: { ...files, caFile: files.certFile } })
    context.onTestFinished(() => cluster.close())
    const ca = await readFile(files.certFile)
    const urls = [cluster.url, ...cluster.agents.map(({ url }) => url)]
    expect(urls.every((url) => url.startsWith('https://'))).toBe(true)
    for (const url of urls) {
      const [response] = (await once(
        https.get(`${url}/version`, { ca, agent: false }),
        'response',
      )) as [IncomingMessage]
      expect(response.statusCode).toBe(200)
      response.resume()
      await expect(ask(url.replace('https', 'http'))).rejects.toThrow()
    }
  })

  it('refuses files that do not belong together, naming them', async () => {
    const files = { certFile: '/nowhere/cert.pem', keyFile: '/nowhere/key.pem' }
    await expect(startLocalCluster({ tls: files })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('/nowhere/cert.pem') as string,
    })
  })
})
