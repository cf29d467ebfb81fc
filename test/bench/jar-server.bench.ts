/** What the jar server ships per second on loopback, beside sirv in the same process, nginx and Jetty in their own. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createJarServer } from '../../src/server/jar-server.ts'
import { createLibraryStore } from '../../src/server/libraries/library-store.ts'
import { startClient } from './jar-server/client.ts'
import type { Load } from './jar-server/client.ts'
import { startJetty, startNginx, startSirv } from './jar-server/peers.ts'
import type { Ends, Peer } from './jar-server/peers.ts'
import { rate, secondsOfEach } from './measure.ts'
import type { Figure } from './measure.ts'

const largeBytes = 14_000_000
const smallBytes = 1000
const rangeBytes = 65_536

export async function* figures(): AsyncGenerator<Figure> {
  const ends: Ends = []
  try {
    const folder = await mkdtemp(join(tmpdir(), 'jarcast-bench-'))
    ends.push(() => rm(folder, { recursive: true, force: true }))
    await writeFile(join(folder, 'large.jar'), randomBytes(largeBytes))
    await writeFile(join(folder, 'small.jar'), randomBytes(smallBytes))
    const peers = [await startOurs(folder, ends), await startSirv(folder, ends)]
    const nginx = await startNginx(folder, ends)
    if (nginx) peers.push(nginx)
    else console.error('nginx: skipped: needs nginx (apt-get install nginx-light)')
    const jetty = await startJetty(folder, ends)
    if (jetty) peers.push(jetty)
    else console.error('jetty: skipped: needs java and Maven Central')
    const run = startClient(ends)
    yield* compare('hot 14 MB blob, 16 in flight', 'large.jar', { count: 128 }, peers, run)
    yield* compare('1 kB file, 16 in flight', 'small.jar', { count: 3000 }, peers, run)
    const ranges = { count: 1000, rangeBytes }
    yield* compare('64 KiB ranges, 16 in flight', 'large.jar', ranges, peers, run)
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

async function startOurs(folder: string, ends: Ends): Promise<Peer> {
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
