/**
 * Tasks of nothing on one local cluster: our framework beside the example framework of mesos-go, each with its own executor.
 * The one of mesos-go runs nothing. With its defaults, the example asks for offers at most three times a second, and waits
 * for them most of the time; its CPU includes its start. The master counts calls, updates and offers. Runs what
 * `npm run build` made.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { hasJava } from '../../support/java.ts'
import { figureOf } from '../support/measure.ts'
import type { Figure } from '../support/measure.ts'
import { startClusterProcess } from './tasks/cluster-process.ts'
import type { ClusterProcess, Traffic } from './tasks/cluster-process.ts'
import { buildMesosGo, runMesosGo } from './tasks/mesos-go.ts'
import { startOwnFramework } from './tasks/own-framework.ts'
import type { Kind, OwnFramework, Round } from './tasks/own-framework.ts'

const tasks = 1000
const rounds = 5
const shellShare = 0.2
const resources = { cpus: 0.05, memMb: 8 }
const jar = resolve('test/executor/fixtures/classes.jar')
const peerName = "mesos-go's example"

const labels = { jvm: 'warm JVM', js: 'warm Node', shell: 'shell' } as const

type Codec = 'protobuf' | 'json'
type Measured = Round & Traffic

export async function* figures(): AsyncGenerator<Figure> {
  if (!existsSync('dist/index.js')) throw new Error('run npm run build first')
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-bench-'))
  try {
    await writeFile(join(folder, 'nothing.mjs'), 'export function nothing() {}\n')
    const peer = await buildMesosGo(folder)
    for (const codec of ['protobuf', 'json'] as const) yield* inCodec(codec, folder, peer)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function* inCodec(
  codec: Codec,
  folder: string,
  peerFolder: string | undefined,
): AsyncGenerator<Figure> {
  const cluster = await startClusterProcess({
    open: true,
    agents: 2,
    // Room for 80 tasks each, beside the executors.
    agentResources: { cpus: 4.5, memMb: 8192 },
    // The JSON of mesos-go refuses QUOTA_V2.
    masterCapabilities: ['AGENT_UPDATE', 'AGENT_DRAINING'],
  })
  const options = { master: cluster.url, codec, name: 'own' }
  const libraries = [jar, join(folder, 'nothing.mjs')]
  const own = await startOwnFramework({ ...options, libraries }, resources)
  try {
    const kinds = kindsIn(codec)
    const ours = new Map(kinds.map((kind) => [kind, [] as Measured[]]))
    const theirs: Measured[] = []
    for (let round = 0; round <= rounds; round++) {
      for (const [kind, samples] of ours) samples.push(await measureOwn(cluster, own, kind))
      const name = `go-${round}`
      // What Go compiles needs no round to become warm.
      if (round === 0 || peerFolder === undefined) continue
      const spent = await runMesosGo({ folder: peerFolder, cluster, codec, name, tasks, resources })
      theirs.push({ ...spent, ...(await cluster.trafficOf(name)) })
    }
    for (const [kind, samples] of ours)
      yield* figuresOf(`${labels[kind]}, ${codec}`, samples, theirs)
    const [js, jvm] = [ours.get('js'), ours.get('jvm')]
    if (js !== undefined && jvm !== undefined) yield besideJvm(codec, js, jvm)
  } finally {
    await own.close()
    await cluster.close()
  }
}

async function measureOwn(
  cluster: ClusterProcess,
  own: OwnFramework,
  kind: Kind,
): Promise<Measured> {
  const before = await cluster.trafficOf('own')
  // A process each takes longer: a part of them, and as many times its cost.
  const share = kind === 'shell' ? shellShare : 1
  const { seconds, cpuSeconds } = await own.run(kind, tasks * share)
  const { calls, updates, offers } = await cluster.trafficOf('own')
  return {
    seconds: seconds / share,
    cpuSeconds: cpuSeconds / share,
    calls: (calls - before.calls) / share,
    updates: (updates - before.updates) / share,
    offers: (offers - before.offers) / share,
  }
}

function kindsIn(codec: Codec): readonly Kind[] {
  const warm: readonly Kind[] = hasJava() ? ['jvm', 'js'] : ['js']
  return codec === 'protobuf' ? [...warm, 'shell'] : warm
}

function besideJvm(codec: Codec, js: readonly Measured[], jvm: readonly Measured[]): Figure {
  const { of, unit } = measures.seconds
  const what = `${tasks} tasks of nothing in JavaScript, ${codec}`
  const peer = ['in a warm JVM', warm(jvm).map(of)] as const
  return figureOf({ case: what, unit, limit: { atLeast: 0.8 } }, warm(js).map(of), peer)
}

const measures = {
  seconds: {
    name: '',
    unit: 'tasks/s',
    of: (round: Measured) => tasks / round.seconds,
    limit: { atLeast: 2 },
  },
  cpu: {
    name: ", scheduler's CPU per task",
    unit: 'ms',
    of: (round: Measured) => (round.cpuSeconds * 1000) / tasks,
    limit: { atMost: 1.5 },
  },
  calls: { name: ', calls', unit: 'per 1,000 tasks', of: (round: Measured) => round.calls },
  updates: { name: ', updates', unit: 'per 1,000 tasks', of: (round: Measured) => round.updates },
  offers: { name: ', offers', unit: 'per 1,000 tasks', of: (round: Measured) => round.offers },
} as const

function* figuresOf(
  what: string,
  ours: readonly Measured[],
  theirs: readonly Measured[],
): Generator<Figure> {
  for (const measure of Object.values(measures)) {
    const { name, unit, of } = measure
    const row = { case: `${tasks} tasks of nothing, ${what}${name}`, unit }
    const own = warm(ours).map(of)
    if (theirs.length === 0) {
      yield figureOf(row, own)
      continue
    }
    // A shell is a process: mesos-go's executor runs nothing at all.
    const isBound = 'limit' in measure && !what.startsWith(labels.shell)
    const limit = isBound ? { limit: measure.limit } : {}
    yield figureOf({ ...row, ...limit }, own, [peerName, theirs.map(of)])
  }
}

/** Without the first round, which starts executors and warms code up. */
function warm(rounds: readonly Measured[]): readonly Measured[] {
  return rounds.slice(1)
}
