/**
 * What an executor costs its host before its first task, and while it has none. Executors start on one host whose cache
 * has the set, each with an agent's end of its own, until each has run a task that needs the set.
 */
import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LibrarySetReference } from '../../../src/domain/tasks/task-payload.ts'
import { createJarServer } from '../../../src/server/jar-server.ts'
import type { JarServer } from '../../../src/server/jar-server.ts'
import { createLibraryStore } from '../../../src/server/libraries/library-store.ts'
import { startAgentServer } from '../../executor/support/agent-server.ts'
import { figureOf, median } from '../support/measure.ts'
import type { Figure } from '../support/measure.ts'
import { cpuSecondsInTimes, cpuSecondsOf } from '../support/process-usage.ts'

const jarBytes = 1_000_000
/** Executors on the host, by the number of jars in the set. */
const countsByJars = { 1: [1, 10, 32, 100], 17: [8] }
const rounds = 5
/** More take minutes together: fewer rounds, and only where there is memory for them. */
const manyExecutors = 100
const bytesPerExecutor = 80_000_000
/** Until what an executor does once is done. */
const idleMs = 2000

/** As agents give it, for both: NODE_EXTRA_CA_CERTS alone would cost each process 40 ms. */
const environment = { PATH: process.env['PATH'] }

interface Site {
  readonly folder: string
  readonly program: string
  readonly librarySet: LibrarySetReference
}

interface Executor {
  /** CPU so far, user and system, of all its threads. */
  cpuSeconds(): number
  /** Proportional set size: memory shared with other processes is divided among them. */
  pssBytes(): number
  rssBytes(): number
  stop(): Promise<void>
}

export async function* figures(): AsyncGenerator<Figure> {
  yield* withSite(1, measureMemory)
  for (const [jars, counts] of Object.entries(countsByJars))
    yield* withSite(Number(jars), (site) => measureStarts(site, Number(jars), counts))
}

async function* measureStarts(
  site: Site,
  jars: number,
  counts: readonly number[],
): AsyncGenerator<Figure> {
  // Fills the cache of the host.
  for (const executor of await startAll(site, 1)) await executor.stop()
  for (const count of counts) {
    if (freemem() < count * bytesPerExecutor) {
      console.error(`${count} executors: skipped: needs more free memory`)
      continue
    }
    const executors = count === 1 ? '1 executor' : `${count} executors`
    const { own, peers } = await startInRounds(site, count)
    const row = {
      case: `${executors} start on one host, ${jars} MB set warm: CPU of all`,
      unit: 's',
      ...(count === 32 && { limit: { atMost: 2 } }),
    }
    yield figureOf(row, own, [`${count} × node -e 0`, peers])
    if (jars > 1) continue
    yield {
      case: `CPU of an executor's start, ${executors} per host`,
      value: (median(own) * 1000) / count,
      unit: 'ms',
      size: { of: 'executors per host', count },
    }
  }
}

/** Seconds of CPU of each round. */
async function startInRounds(site: Site, count: number) {
  const [own, peers]: [number[], number[]] = [[], []]
  for (let round = 0; round < (count < manyExecutors ? rounds : 1); round++) {
    const executors = await startAll(site, count)
    own.push(executors.reduce((sum, executor) => sum + executor.cpuSeconds(), 0))
    for (const executor of executors) await executor.stop()
    peers.push(cpuSecondsOfNodes(count))
  }
  return { own, peers }
}

async function* measureMemory(site: Site): AsyncGenerator<Figure> {
  const executors = await startAll(site, 8)
  await sleep(idleMs)
  for (const [name, key] of [
    ['resident (RSS)', 'rssBytes'],
    ['its share (PSS) beside 7 others', 'pssBytes'],
  ] as const) {
    const row = { case: `executor idle after a task, ${name}`, unit: 'MB', limit: { atMost: 60 } }
    const megabytes = executors.map((executor) => executor[key]() / 1e6)
    yield figureOf(row, megabytes)
  }
  for (const executor of executors) await executor.stop()
}

/** Serves a set of so many jars of 1 MB. */
async function* withSite(
  jars: number,
  measure: (site: Site) => AsyncGenerator<Figure>,
): AsyncGenerator<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'executor-start-'))
  const program = join(folder, 'jarcast-executor.cjs')
  execFileSync(process.execPath, ['scripts/bundle-programs.mjs', program], { stdio: 'ignore' })
  const server = await serve(folder, jars)
  try {
    const librarySet = { id: server.setId, manifestUri: server.jarServer.manifestUri ?? '' }
    yield* measure({ folder, program, librarySet })
  } finally {
    await server.jarServer.close(0)
    await rm(folder, { recursive: true })
  }
}

async function serve(
  folder: string,
  jars: number,
): Promise<{ readonly jarServer: JarServer; readonly setId: string }> {
  const paths = Array.from({ length: jars }, (_, index) => join(folder, `${index}.jar`))
  for (const path of paths) await writeFile(path, randomBytes(jarBytes))
  const libraries = await (await createLibraryStore(join(folder, 'store'))).stage(paths)
  const jarServer = createJarServer({ open: true, libraries, bind: '127.0.0.1' })
  await jarServer.start()
  return { jarServer, setId: libraries.set.id }
}

function startAll(site: Site, count: number): Promise<readonly Executor[]> {
  return Promise.all(Array.from({ length: count }, () => startExecutor(site)))
}

/** Resolves when the executor has run a task with the set. */
async function startExecutor({ folder, program, librarySet }: Site): Promise<Executor> {
  const agent = await startAgentServer()
  const sandbox = await mkdtemp(join(folder, 'sandbox-'))
  const child = spawn(process.execPath, [program], {
    cwd: sandbox,
    stdio: 'ignore',
    env: {
      ...environment,
      MESOS_AGENT_ENDPOINT: `127.0.0.1:${agent.port}`,
      MESOS_FRAMEWORK_ID: 'framework',
      MESOS_EXECUTOR_ID: 'executor',
      MESOS_SANDBOX: sandbox,
      MESOS_CHECKPOINT: '0',
      JARCAST_CACHE_DIR: join(folder, 'cache'),
    },
  })
  await agent.until(() => agent.calls.find(({ type }) => type === 'SUBSCRIBE'))
  agent.launchShell('task', 'test -s "$JARCAST_LIBRARIES/0.jar"', librarySet)
  const last = await agent.until(() =>
    agent.statuses('task').find(({ state }) => !/STARTING|RUNNING/.test(state)),
  )
  if (last.state !== 'TASK_FINISHED') throw new Error(`the task ended with ${last.message ?? ''}`)
  return {
    cpuSeconds: () => cpuSecondsOf(child.pid ?? 0),
    rssBytes: () => memoryOf(child, 'Rss'),
    pssBytes: () => memoryOf(child, 'Pss'),
    async stop() {
      child.kill('SIGKILL')
      await once(child, 'exit')
      await agent.die()
      await rm(sandbox, { recursive: true })
    },
  }
}

function memoryOf({ pid }: ChildProcess, field: 'Rss' | 'Pss'): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')
  const kib = new RegExp(`^${field}: +(\\d+) kB`, 'm').exec(rollup)?.[1]
  return Number(kib) * 1024
}

/** CPU of so many processes at once, which do nothing, s. The shell sums them up. */
function cpuSecondsOfNodes(count: number): number {
  const script = `for each in $(seq ${count}); do "${process.execPath}" -e 0 & done; wait; times`
  const output = execFileSync('bash', ['--norc', '-c', script], {
    encoding: 'utf8',
    env: environment,
  })
  return cpuSecondsInTimes(output)
}
