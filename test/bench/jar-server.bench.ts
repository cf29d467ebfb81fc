/** What the jar server ships per second on loopback, beside sirv in the same process and nginx in one of its own. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import sirv from 'sirv'
import { createJarServer } from '../../src/server/jar-server.ts'
import { createLibraryStore } from '../../src/server/library-store.ts'
import { rate, secondsOfEach } from './measure.ts'
import type { Figure } from './measure.ts'

const largeBytes = 14_000_000
const smallBytes = 1000
const rangeBytes = 65_536
const inFlight = 16

interface Load {
  readonly path: string
  readonly count: number
  /** Each request asks for so many bytes at another place. */
  readonly rangeBytes?: number
}

interface Peer {
  readonly name: string
  readonly port: number
  pathOf(file: string): string
}

export async function* figures(): AsyncGenerator<Figure> {
  const ends: (() => unknown)[] = []
  try {
    const folder = await mkdtemp(join(tmpdir(), 'jarcast-bench-'))
    ends.push(() => rm(folder, { recursive: true, force: true }))
    await writeFile(join(folder, 'large.jar'), randomBytes(largeBytes))
    await writeFile(join(folder, 'small.jar'), randomBytes(smallBytes))
    const peers = [await startOurs(folder, ends), await startSirv(folder, ends)]
    const nginx = await startNginx(folder, ends)
    if (nginx) peers.push(nginx)
    else console.error('skipped: jar-server against nginx, which is not installed')
    const run = startClient(ends)
    yield* compare('hot 14 MB blob, 16 in flight', 'large.jar', { count: 32 }, peers, run)
    yield* compare('1 KB file, 16 in flight', 'small.jar', { count: 3000 }, peers, run)
    yield* compare(
      '64 KiB ranges, 16 in flight',
      'large.jar',
      { count: 1000, rangeBytes },
      peers,
      run,
    )
  } finally {
    for (const end of ends.toReversed()) await end()
  }
}

async function* compare(
  what: string,
  file: string,
  load: Omit<Load, 'path'>,
  peers: readonly Peer[],
  run: (port: number, load: Load) => Promise<void>,
): AsyncGenerator<Figure> {
  const [ours = Number.NaN, ...theirs] = await secondsOfEach(
    peers.map((peer) => () => run(peer.port, { ...load, path: peer.pathOf(file) })),
  )
  const isLarge = file === 'large.jar' && load.rangeBytes === undefined
  const count = isLarge ? (load.count * largeBytes) / 1e6 : load.count
  for (const [index, seconds] of theirs.entries()) {
    const { name } = peers[index + 1] ?? { name: '' }
    yield rate(what, count, ours, isLarge ? 'MB/s' : 'requests/s', [name, seconds])
  }
}

async function startOurs(folder: string, ends: (() => unknown)[]): Promise<Peer> {
  const store = await createLibraryStore()
  ends.push(() => store.remove())
  const libraries = await store.stage(['large.jar', 'small.jar'].map((name) => join(folder, name)))
  const server = createJarServer({ bind: '127.0.0.1', libraries })
  ends.push(() => server.close(0))
  const { port } = new URL(await server.start())
  return {
    name: 'ours',
    port: Number(port),
    pathOf: (file) => new URL(server.uriOf(file)).pathname,
  }
}

async function startSirv(folder: string, ends: (() => unknown)[]): Promise<Peer> {
  const serve = sirv(folder, { etag: true, maxAge: 31_536_000, immutable: true })
  const server = createServer((req, res) => serve(req, res))
  ends.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return { name: 'sirv', port: await listen(server), pathOf: (file) => `/${file}` }
}

/** One worker and sendfile: its usual best on one core. */
async function startNginx(folder: string, ends: (() => unknown)[]): Promise<Peer | undefined> {
  const finder = createServer()
  const port = await listen(finder)
  await new Promise((resolve) => finder.close(resolve))
  await writeFile(join(folder, 'nginx.conf'), nginxConf(folder, port))
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], {
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` },
    stdio: 'ignore',
  })
  ends.push(() => child.kill())
  // Without this a missing program would end the benchmark.
  child.once('error', () => undefined)
  for (let tries = 0; tries < 100 && isAlive(child); tries += 1) {
    if (await accepts(port)) return { name: 'nginx', port, pathOf: (file) => `/${file}` }
    await sleep(50)
  }
  return undefined
}

function nginxConf(folder: string, port: number): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
    daemon off; pid ${folder}/nginx.pid; error_log stderr crit;
    ${process.getuid?.() === 0 ? 'user root;' : ''} worker_processes 1;
    events { worker_connections 256; }
    http {
      access_log off; sendfile on; keepalive_requests 1000000; open_file_cache max=10;
      ${paths.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
      server { listen 127.0.0.1:${port}; root ${folder}; }
    }`
}

/** A client that costs the measured processes nothing but the connections. */
function startClient(ends: (() => unknown)[]): (port: number, load: Load) => Promise<void> {
  const child = spawn(process.execPath, ['-e', `(${answerLoads.toString()})(${inFlight})`], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  ends.push(() => child.kill())
  const exited = once(child, 'exit').then(() => ['exit'])
  return async (port, load) => {
    child.send({ port, ...load })
    const [answer] = await Promise.race([once(child, 'message'), exited])
    if (answer !== 'done') throw new Error(`the client got ${JSON.stringify(answer)}`)
  }
}

/** Runs in the child from its source text, so it may use nothing outside. */
function answerLoads(connections: number): void {
  const { connect } = process.getBuiltinModule('node:net')
  const answer = async ({ port, path, count, rangeBytes }: Load & { port: number }) => {
    let sent = 0
    const fetchSome = () =>
      new Promise<void>((resolve, reject) => {
        let head = ''
        let leftBytes = 0
        const next = () => {
          if (sent === count) return socket.destroy()
          const start = ((sent += 1) * 786_433) % 13_000_000
          const range = rangeBytes ? `Range: bytes=${start}-${start + rangeBytes - 1}\r\n` : ''
          socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\n${range}\r\n`)
        }
        const readHead = (text: string): number => {
          head += text
          const end = head.indexOf('\r\n\r\n')
          if (end < 0) return text.length
          const [, status] = /^HTTP\/1\.1 (\d+)/.exec(head) ?? []
          if (status !== (rangeBytes ? '206' : '200')) reject(new Error(`status ${status}`))
          leftBytes = Number(/content-length: *(\d+)/i.exec(head)?.[1])
          // Bytes of the head in this chunk.
          return end + 4 - (head.length - text.length)
        }
        const onChunk = (size: number, buffer: Uint8Array): boolean => {
          const isHead = leftBytes === 0
          const text = isHead ? Buffer.from(buffer.subarray(0, size)).toString('latin1') : ''
          const headBytes = isHead ? readHead(text) : 0
          leftBytes -= size - headBytes
          if (leftBytes > 0 || !head.includes('\r\n\r\n')) return true
          head = ''
          next()
          return true
        }
        const socket = connect({
          host: '127.0.0.1',
          port,
          onread: { buffer: Buffer.alloc(262_144), callback: onChunk },
        })
        socket
          .once('connect', next)
          .once('error', reject)
          .once('close', () => resolve())
      })
    await Promise.all(Array.from({ length: connections }, fetchSome))
  }
  process.on('message', (load: Load & { port: number }) => {
    void answer(load).then(
      () => process.send?.('done'),
      (error: unknown) => process.send?.(String(error)),
    )
  })
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function isAlive({ exitCode, pid }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}
