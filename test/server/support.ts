/** Real files, real sockets, and answers taken apart by hand: no client that might repair what it gets. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createJarServer } from '../../src/server/jar-server.ts'
import type { JarServerOptions } from '../../src/server/jar-server-options.ts'
import type { JarServer } from '../../src/server/jar-server.ts'
import { createLibraryStore } from '../../src/server/libraries/library-store.ts'
import type { LibraryStore } from '../../src/server/libraries/library-store.ts'
import { until as waitUntil } from '../support/until.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export async function openStore(): Promise<LibraryStore> {
  const store = await createLibraryStore()
  onTestFinished(() => store.remove())
  return store
}

/** Open, unless told otherwise: what it takes to be let in has tests of its own. */
export async function startServer(options: JarServerOptions): Promise<JarServer> {
  const server = createJarServer({ bind: '127.0.0.1', open: true, ...options })
  onTestFinished(() => server.close(0))
  await server.start()
  return server
}

/** Opens a connection to a URL's host and port. */
export function dial(url: string): Socket {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port) })
  socket.on('error', () => undefined)
  return socket
}

/** Sends bytes as they are; resolves to all that came back until the server closed the connection. */
export async function sendRaw(url: string, request: string | Buffer): Promise<Buffer> {
  const socket = dial(url)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.write(request)
  await new Promise((resolve) => socket.once('close', resolve))
  return Buffer.concat(chunks)
}

/** One request on a connection of its own. */
export async function request(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<Answer> {
  const { host, pathname, search } = new URL(url)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return parseAnswer(
    await sendRaw(
      url,
      `${method} ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${lines.join('')}\r\n`,
    ),
  )
}

export function parseAnswer(bytes: Buffer): Answer {
  const split = bytes.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = bytes.subarray(0, split).toString('latin1').split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
  })
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(headers),
    body: bytes.subarray(split + 4),
  }
}

/** Open descriptors of this process. Linux only. */
export async function countDescriptors(): Promise<number> {
  return (await readdir('/proc/self/fd')).length
}

/** Waits for a fact, not for a time: looks again until it holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  await waitUntil(String(holds), holds)
}
