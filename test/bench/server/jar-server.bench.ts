/**
 * What the jar server ships per second on loopback, beside nginx and Jetty, each in a process of its own, and sirv.
 * The client is one process for all of them. With as many processors as there are servers and clients the rates tell
 * how fast an answer is; the CPU per unit tells it on any machine.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defined } from '../../../src/defined.ts'
import { makeCertificate } from '../../support/servers/certificate.ts'
import { startClient } from './client.ts'
import type { Load } from './client.ts'
import { startOurs } from './ours.ts'
import { startJetty, startNginx, startSirv } from './peers.ts'
import type { Ends, Peer } from './peers.ts'
import { costsOfEach, cpuPerUnit, rate, secondsIn } from '../support/measure.ts'
import type { Cost, Figure, Limit } from '../support/measure.ts'

const largeBytes = 14_000_000
const smallBytes = 1000
const rangeBytes = 65_536

type Run = (port: number, load: Load) => Promise<void>

interface Row {
  readonly what: string
  readonly file: 'large.jar' | 'small.jar'
  readonly load: Omit<Load, 'path' | 'bodyBytes'>
  /** By the name of the peer. */
  readonly limits: Readonly<Record<string, Limit>>
}

const plainRows: readonly Row[] = [
  {
    what: 'hot 14 MB blob, 16 in flight',
    file: 'large.jar',
    load: { count: 128 },
    limits: { nginx: { atLeast: 1.3 } },
  },
  {
    what: '1 kB file, 16 in flight',
    file: 'small.jar',
    load: { count: 20_000 },
    limits: { nginx: { atLeast: 1 }, jetty: { atLeast: 1.5 } },
  },
  {
    what: '64 KiB ranges, 16 in flight',
    file: 'large.jar',
    load: { count: 6000, rangeBytes },
    limits: { nginx: { atLeast: 0.8 } },
  },
]

export async function* figures(): AsyncGenerator<Figure> {
  const ends: Ends = []
  try {
    const folder = await mkdtemp(join(tmpdir(), 'jarcast-bench-'))
    ends.push(() => rm(folder, { recursive: true, force: true }))
    await writeFile(join(folder, 'large.jar'), randomBytes(largeBytes))
    await writeFile(join(folder, 'small.jar'), randomBytes(smallBytes))
    const files = ['large.jar', 'small.jar'].map((name) => join(folder, name))
    const run = startClient(ends)
    const tls = makeCertificate(folder)
    const nginx = await startNginx(folder, ends, { workers: 1, ...defined({ tls }) })
    if (!nginx) console.error('nginx: skipped: needs nginx (apt-get install nginx-light)')
    yield* plainFigures(folder, files, nginx?.plain, run, ends)
    yield* twoClients(folder, files, run, ends)
    if (nginx?.secure && tls) {
      const peers = [await startOurs({ files, tls }, ends), nginx.secure]
      for (const row of plainRows) yield* compare(overTls(row), peers, run)
    }
  } finally {
    for (const end of ends.toReversed()) await end()
  }
}

async function* plainFigures(
  folder: string,
  files: readonly string[],
  nginx: Peer | undefined,
  run: Run,
  ends: Ends,
): AsyncGenerator<Figure> {
  const peers = [await startOurs({ files }, ends), await startSirv(folder, ends)]
  if (nginx) peers.push(nginx)
  const jetty = await startJetty(folder, ends)
  if (jetty) peers.push(jetty)
  else console.error('jetty: skipped: needs java and Maven Central')
  for (const row of plainRows) yield* compare(row, peers, run)
}

/** One sender beside two: with two clients, all processors are busy. */
async function* twoClients(
  folder: string,
  files: readonly string[],
  run: Run,
  ends: Ends,
): AsyncGenerator<Figure> {
  const nginx = await startNginx(folder, ends, { workers: 2 })
  if (!nginx) return
  const other = startClient(ends)
  const runBoth: Run = async (port, load) => {
    const half = { ...load, count: load.count / 2 }
    await Promise.all([run(port, half), other(port, half)])
  }
  const row: Row = {
    what: 'hot 14 MB blob, two clients; nginx with two workers',
    file: 'large.jar',
    load: { count: 128 },
    limits: { nginx: { atLeast: 1.5 } },
  }
  yield* compare(row, [await startOurs({ files }, ends), nginx.plain], runBoth)
}

function overTls({ what, file, load }: Row): Row {
  return {
    what: `${what}, TLS`,
    file,
    load: { ...load, count: load.count / 2, isSecure: true },
    limits: { nginx: { atLeast: 0.8 } },
  }
}

async function* compare(
  { what, file, load, limits }: Row,
  peers: readonly Peer[],
  run: Run,
): AsyncGenerator<Figure> {
  const bodyBytes = load.rangeBytes ?? (file === 'large.jar' ? largeBytes : smallBytes)
  const costs = await costsOfEach(
    peers.map((peer) => () => costOf(peer, run, { ...load, bodyBytes, path: peer.pathOf(file) })),
  )
  const isLarge = bodyBytes === largeBytes
  const count = isLarge ? (load.count * largeBytes) / 1e6 : load.count
  const unit = isLarge ? 'MB/s' : 'requests/s'
  const [ours = [], ...theirs] = costs
  for (const [index, peer] of theirs.entries()) {
    const { name } = peers[index + 1] ?? { name: '' }
    const [own, other] = [secondsIn(ours), secondsIn(peer)]
    const figure = rate(what, count, own, unit, [name, other], limits[name])
    yield { ...figure, ...cpuPerUnit(count, ours, peer) }
  }
}

/** The time of a run, and the CPU of the server in it. */
async function costOf({ port, share = 1, ...peer }: Peer, run: Run, load: Load): Promise<Cost> {
  const cpuBefore = peer.cpuSeconds()
  const startedAt = performance.now()
  await run(port, { ...load, count: load.count * share })
  const seconds = (performance.now() - startedAt) / 1000
  const cpuSeconds = peer.cpuSeconds() - cpuBefore
  return { seconds: seconds / share, cpuSeconds: cpuSeconds / share }
}
