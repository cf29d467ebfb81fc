/** Registries that send very few bytes per second. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Body } from '../../src/coordinates/http/decode-body.ts'
import { createHttpClient } from '../../src/coordinates/http/http-client.ts'
import { resolvePackages } from '../../src/coordinates/resolve-packages.ts'
import { startNpmSite } from './npm-site.ts'

let stops: (() => void)[] = []

beforeEach(() => (stops = []))
afterEach(() => stops.forEach((stop) => stop()))

/** Sends bytes more often than the idle timeout of these tests, without an end. */
function drip(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/json' })
  // 60 bytes per second, with the chunks' framing.
  const timer = setInterval(() => response.write(' '), 100)
  stops.push(() => clearInterval(timer))
}

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stops.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x.pom`)
}

async function readAll({ chunks }: Body): Promise<void> {
  for await (const _ of chunks);
}

describe('a registry that sends too slowly', () => {
  it('fails for a file of Maven', async () => {
    const url = await serve((_, response) => drip(response))
    const client = createHttpClient({ idleTimeoutMs: 300, maxAttempts: 2 })
    try {
      await expect(client.get(url, { read: readAll })).rejects.toMatchObject({
        code: 'REGISTRY_UNREACHABLE',
        message: expect.stringContaining('sends less than 256 bytes per second') as string,
      })
    } finally {
      client.close()
    }
  })

  it('is not one that answers late or has a slow reader', async () => {
    const url = await serve((_, response) => {
      setTimeout(() => response.end(Buffer.alloc(1024 * 1024)), 250)
    })
    const client = createHttpClient({ idleTimeoutMs: 300, maxAttempts: 1 })
    let bytes = 0
    try {
      await client.get(url, {
        async read({ chunks }) {
          for await (const chunk of chunks) {
            if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 250))
            bytes += chunk.length
          }
        },
      })
    } finally {
      client.close()
    }
    expect(bytes).toBe(1024 * 1024)
  })

  it('fails for the description of an npm package', async () => {
    const site = await startNpmSite()
    const { npm_config_fetch_timeout: before } = process.env
    process.env['npm_config_fetch_timeout'] = '300'
    try {
      site.intercept = (_, response) => {
        drip(response)
        return true
      }
      const request = { packages: ['npm:slow@1'] }
      const cacheFolder = `${site.folder}/cache`
      await expect(resolvePackages(request, { cacheFolder })).rejects.toMatchObject({
        code: 'REGISTRY_UNREACHABLE',
        message: expect.stringContaining('sends less than 256 bytes per second') as string,
      })
    } finally {
      if (before === undefined) delete process.env['npm_config_fetch_timeout']
      else process.env['npm_config_fetch_timeout'] = before
      await site.close()
    }
  })
})

describe('an npm registry without response', () => {
  it('is named in a warning for each attempt', async () => {
    const site = await startNpmSite()
    const settings = { npm_config_fetch_retries: '1', npm_config_fetch_retry_mintimeout: '1' }
    Object.assign(process.env, settings)
    const warnings: string[] = []
    try {
      site.intercept = (request) => {
        request.socket.destroy()
        return true
      }
      const options = {
        cacheFolder: `${site.folder}/cache`,
        onWarning: (message: string) => warnings.push(message),
      }
      await expect(resolvePackages({ packages: ['npm:gone@1'] }, options)).rejects.toMatchObject({
        code: 'REGISTRY_UNREACHABLE',
      })
      const { origin } = new URL(site.url)
      expect(warnings).toEqual([
        `registry ${origin} does not answer (ECONNRESET), attempt 1`,
        `registry ${origin} does not answer (ECONNRESET), attempt 2`,
      ])
    } finally {
      for (const name of Object.keys(settings)) delete process.env[name]
      await site.close()
    }
  })
})
