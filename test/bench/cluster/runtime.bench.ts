/**
 * The job of the demo on two agents with nothing but BusyBox, which get a Node.js and a JRE, beside agents that have both.
 * The second run is another framework on the same hosts. Bytes are what the jar server sent.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createFramework } from '../../../src/framework/framework.ts'
import type { FrameworkOptions } from '../../../src/framework/options/options.ts'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import { canBeBare, startBareCluster } from '../../support/processes/bare-cluster.ts'
import { librariesOfJre, packJre } from '../../support/processes/jre.ts'
import type { Figure } from '../support/measure.ts'

const libraries = [
  'node_modules/google-closure-compiler-java/compiler.jar',
  'node_modules/eventemitter3',
  'docs/examples/demo/functions.mjs',
].map((path) => resolve(path))
const mainClass = 'com.google.javascript.jscomp.CommandLineRunner'
const works = [
  { kind: 'load-class', className: mainClass },
  { kind: 'java', mainClass, stdin: 'console.log(1 + 2)' },
  { kind: 'js', module: 'functions.mjs', export: 'countWords', args: ['jar cast jar'] },
] as const

interface Run {
  readonly seconds: number
  readonly megabytes: number
}

export async function* figures(): AsyncGenerator<Figure> {
  if (!canBeBare()) return
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-bench-'))
  try {
    const jre = join(folder, 'jre.tar.gz')
    packJre(jre)
    const bare = await runsOnBareAgents(`jre=${jre}`)
    const full = await runsOnFullAgents(join(folder, 'cache'))
    for (const [index, name] of ['first run', 'second run'].entries()) {
      yield* compare(name, bare[index], full[index])
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

function* compare(name: string, bare?: Run, full?: Run): Generator<Figure> {
  if (bare === undefined || full === undefined) return
  const peer = 'agents with Node.js and Java'
  yield {
    case: `${name}, nothing installed`,
    value: bare.seconds,
    unit: 's',
    peer,
    peerValue: full.seconds,
    ratio: bare.seconds / full.seconds,
  }
  yield {
    case: `${name}, sent`,
    value: bare.megabytes,
    unit: 'MB',
    peer,
    peerValue: full.megabytes,
    ratio: bare.megabytes / full.megabytes,
  }
  // Less than a kilobyte of the difference are manifests.
  const difference = Math.round((bare.megabytes - full.megabytes) * 100) / 100
  const limit = name === 'second run' ? { limit: { atMost: 0 } } : {}
  yield { case: `${name}, sent for runtimes`, value: difference, unit: 'MB', ...limit }
}

async function runsOnBareAgents(runtime: string): Promise<readonly Run[]> {
  const cluster = await startBareCluster(2, { libraries: librariesOfJre() })
  try {
    const options = { master: cluster.url, runtime }
    return [await runJob(options), await runJob(options)]
  } finally {
    await cluster.close()
  }
}

async function runsOnFullAgents(cacheFolder: string): Promise<readonly Run[]> {
  const cluster = await startLocalCluster({
    open: true,
    agents: 2,
    executorEnvironment: { PATH: process.env['PATH'] ?? '', JARCAST_CACHE_DIR: cacheFolder },
  })
  try {
    const options = { master: cluster.url, executor: { node: `'${process.execPath}'` } }
    return [await runJob(options), await runJob(options)]
  } finally {
    await cluster.close()
  }
}

async function runJob(options: FrameworkOptions): Promise<Run> {
  const startedAt = performance.now()
  const framework = createFramework({ ...options, libraries })
  let megabytes = Number.NaN
  framework.on('jarServer.stopped', ({ bytesServed }) => (megabytes = bytesServed / 1e6))
  const resources = { cpus: 0.5, memMb: 512 }
  const job = ['agent-1', 'agent-2'].flatMap((hostname) =>
    works.map((work) => ({ work, resources, constraints: { hostname } })),
  )
  try {
    await Promise.all(job.map((task) => framework.run(task)))
    const seconds = (performance.now() - startedAt) / 1000
    await framework.stop()
    return { seconds, megabytes }
  } finally {
    await framework.stop()
  }
}
