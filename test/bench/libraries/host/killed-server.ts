/** The jar server's process is killed while an executor fetches 32 MB from it, and started again at the same address. */
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPrograms } from '../../../support/processes/program.ts'
import type { Program, Programs } from '../../../support/processes/program.ts'
import { startHarness } from '../../../executor/support/harness.ts'
import type { Figure } from '../../support/measure.ts'

const sizeBytes = 32_000_000
const killedAt = [0.1, 0.5, 0.9]

const serverSource = `
  import { createJarServer } from './server/jar-server.ts'
  import { createLibraryStore } from './server/libraries/library-store.ts'
  const [folder, path, port] = process.argv.slice(2)
  const store = await createLibraryStore(folder)
  const libraries = await store.stage([path])
  const server = createJarServer({ open: true, libraries, bind: '127.0.0.1', port: Number(port) })
  const url = await server.start()
  console.log(JSON.stringify({ port: Number(new URL(url).port), id: libraries.set.id }))`

export interface KilledServer {
  /** All that came from the servers, headers and manifest included. */
  readonly wireBytes: number
  readonly sizeBytes: number
  readonly kills: number
  /** How the task that needed the library ended. */
  readonly state: string | undefined
}

/** A task that compares the library with what was served; the server dies at 10, 50 and 90 % of its bytes. */
export async function measureKilledServer(): Promise<KilledServer> {
  const folder = await mkdtemp(join(tmpdir(), 'killed-server-'))
  const programs = await createPrograms()
  const path = join(folder, 'large.jar')
  await writeFile(path, randomBytes(sizeBytes))
  const servers = await startMortalServer(programs, [join(folder, 'store'), path])
  const way = await openCountingWay(servers)
  const harness = await startHarness()
  try {
    const librarySet = {
      id: servers.id(),
      manifestUri: `http://127.0.0.1:${way.port}/sets/${servers.id()}.json`,
    }
    const command = `cmp "$JARCAST_LIBRARIES/large.jar" '${path}'`
    harness.agent.launch('t', { kind: 'shell', command }, { librarySet })
    const { state } = await harness.agent.last('t')
    return { wireBytes: way.bytes(), sizeBytes, kills: servers.kills(), state }
  } finally {
    await harness.close()
    await way.close()
    await programs.close()
    await rm(folder, { recursive: true })
  }
}

export async function* killedServer(): AsyncGenerator<Figure> {
  const { wireBytes } = await measureKilledServer()
  const what = 'server killed at 10, 50, 90 % of 32 MB and back: bytes on the wire to the file'
  yield { case: what, value: wireBytes / sizeBytes, unit: '×' }
}

interface MortalServer {
  readonly port: () => number
  readonly id: () => string
  readonly kills: () => number
  /** Kills it and starts another. */
  replace(): Promise<void>
}

async function startMortalServer(
  programs: Programs,
  args: readonly string[],
): Promise<MortalServer> {
  const bundle = await programs.bundle(serverSource)
  let running: Program
  let port = 0
  let id = ''
  let kills = 0
  const start = async (): Promise<void> => {
    running = programs.start(bundle, [...args, String(port)])
    ;({ port, id } = JSON.parse((await running.read()) ?? '{}') as { port: number; id: string })
  }
  await start()
  return {
    port: () => port,
    id: () => id,
    kills: () => kills,
    async replace() {
      kills += 1
      await running.kill()
      await start()
    },
  }
}

/** A port that leads to the server, counts what comes from there, and has it killed when that is so much. */
async function openCountingWay(servers: MortalServer) {
  let bytes = 0
  const due = killedAt.map((part) => part * sizeBytes)
  const sockets = new Set<Socket>()
  const way = createServer((near) => {
    const far = connect(servers.port(), '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
    }
    near.on('data', (chunk) => far.write(chunk))
    near.on('close', () => far.destroy())
    far.on('close', () => near.end())
    far.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      // Slow enough for the server not to be done long before the executor.
      if (!near.write(chunk)) far.pause()
      if (bytes >= (due[0] ?? Infinity)) {
        due.shift()
        void servers.replace()
      }
    })
    near.on('drain', () => far.resume())
  })
  way.listen(0, '127.0.0.1')
  await once(way, 'listening')
  return {
    port: (way.address() as AddressInfo).port,
    bytes: () => bytes,
    async close() {
      const closed = new Promise((resolve) => way.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
