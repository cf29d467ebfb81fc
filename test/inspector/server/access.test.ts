import { once } from 'node:events'
import { hostname } from 'node:os'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { Charts } from '../../../src/inspector/chart/charts.ts'
import { startInspectorServer } from '../../../src/inspector/server/inspector-server.ts'
import type { InspectorServerOptions } from '../../../src/inspector/server/inspector-server.ts'

const token = 'a-token-of-the-tests-1'
const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

/** URL of the server's WebSockets, on a loopback address. */
async function start(options: InspectorServerOptions = {}): Promise<string> {
  const server = await startInspectorServer({ charts: new Charts(), ...options })
  closing.push(() => server.close())
  return `ws://127.0.0.1:${new URL(server.url).port}/`
}

interface Dialed {
  readonly headers?: Record<string, string>
  readonly protocols?: string[]
}

/** `open`, the close code, or the HTTP status of a refusal. */
async function dial(url: string, { headers = {}, protocols = [] }: Dialed = {}): Promise<unknown> {
  const socket = new WebSocket(url, protocols, { headers })
  closing.push(() => socket.terminate())
  return await new Promise((resolve) => {
    socket.on('error', () => undefined)
    socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode))
    socket.on('message', () => resolve('open'))
    socket.on('close', (code) => resolve(code))
    socket.on('open', () => {
      if (!url.includes('inspector/socket')) resolve('open')
    })
  })
}

describe('the inspector on a loopback address', () => {
  it.each([
    ['another origin', { Origin: 'http://evil.example' }],
    ['no origin of its own', { Origin: 'null' }],
    ['another port of this host', { Origin: 'http://localhost:5173' }],
    ['a name that resolves to this host', { Host: 'evil.example' }],
    ['another site', { 'Sec-Fetch-Site': 'cross-site', Origin: 'http://evil.example' }],
  ])('lets a page of %s neither read nor push', async (_, headers) => {
    const url = await start()
    for (const path of ['', 'any/path', 'receive', 'inspector/socket'])
      expect(await dial(`${url}${path}`, { headers })).toBe(403)
  })

  it('lets pages of origins that it was told of send frames', async () => {
    const url = await start({ origins: ['http://localhost:5173'] })
    const headers = { Origin: 'http://localhost:5173', 'Sec-Fetch-Site': 'same-site' }
    expect(await dial(url, { headers })).toBe('open')
    expect(await dial(url, { headers: { ...headers, Origin: 'http://localhost:1' } })).toBe(403)
  })

  it('needs no token of programs', async () => {
    const url = await start()
    expect(await dial(`${url}inspector/socket`)).toBe('open')
  })
})

describe('the inspector on another address', () => {
  it.each(['0.0.0.0', '::', '10.0.0.1', 'build-7'])('needs a token on %s', async (host) => {
    await expect(startInspectorServer({ host })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('JARCAST_INSPECT_TOKEN') as string,
    })
  })

  it('takes no token that could be guessed', async () => {
    const starting = startInspectorServer({ host: '0.0.0.0', token: 'short' })
    await expect(starting).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    await expect(starting).rejects.not.toThrow('short')
  })

  it('asks a page for its token by the code of the close', async () => {
    const url = await start({ host: '0.0.0.0', token })
    const page = `${url}inspector/socket`
    expect(await dial(page)).toBe(4401)
    expect(await dial(page, { protocols: ['jarcast.inspector', `jarcast.token.${token}x`] })).toBe(
      4401,
    )
    const protocols = ['jarcast.inspector', `jarcast.token.${token}`]
    expect(await dial(page, { protocols })).toBe('open')
  })

  it('does not say the token in its answer', async () => {
    const url = await start({ host: '0.0.0.0', token })
    const socket = new WebSocket(`${url}inspector/socket`, [
      `jarcast.token.${token}`,
      'jarcast.inspector',
    ])
    closing.push(() => socket.terminate())
    await once(socket, 'open')
    expect(socket.protocol).toBe('jarcast.inspector')
  })

  it('takes frames and receivers with the token only, as bearer or password', async () => {
    const url = await start({ host: '0.0.0.0', token })
    expect(await dial(url)).toBe(401)
    expect(await dial(`${url}receive`)).toBe(401)
    expect(await dial(`${url}?token=${token}`)).toBe(401)
    expect(await dial(url, { headers: { Authorization: `Bearer ${token}` } })).toBe('open')
    expect(await dial(url, { headers: { Authorization: `Bearer ${token} ` } })).toBe('open')
    expect(await dial(url.replace('ws://', `ws://program:${token}@`))).toBe('open')
    expect(await dial(url.replace('ws://', `ws://program:${token}x@`))).toBe(401)
  })

  it('is reached by the name of its host, and by no other', async () => {
    const url = await start({ host: '0.0.0.0', token })
    const headers = { Authorization: `Bearer ${token}` }
    expect(await dial(url, { headers: { ...headers, Host: hostname() } })).toBe('open')
    expect(await dial(url, { headers: { ...headers, Host: 'evil.example' } })).toBe(403)
  })
})
