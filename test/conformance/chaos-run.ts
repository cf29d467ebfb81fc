/**
 * One short job on a local cluster with a chaos proxy on every connection: framework to master,
 * executors to agents, agents and executors to the jar server. The outcome of each task is compared
 * with what its user observed, what the task logged, and the master's state.
 */
import { chmod, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createFramework } from '../../src/framework/framework.ts'
import type { Framework } from '../../src/framework/framework.ts'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import { isTerminal } from '../../src/mesos/states.ts'
import type { TaskState } from '../../src/mesos/types.generated.ts'
import { startChaosProxy } from '../support/chaos/chaos-proxy.ts'
import type { ChaosProxy } from '../support/chaos/chaos-proxy.ts'
import { waitMs } from '../support/patience.ts'
import {
  countRuns,
  findTold,
  findUncounted,
  outcomeOf,
  prepareJob,
  record,
  runTasks,
} from './chaos-job.ts'
import type { ChaosJob, ChaosRecord } from './chaos-job.ts'

export interface ChaosReport {
  readonly seed: number
  /** One sentence each; none in a good run. */
  readonly violations: readonly string[]
  readonly tasks: number
  /** Tasks that ended as on a good network. */
  readonly asMeant: number
  readonly launches: number
  readonly runs: number
  /** Connections with faults. */
  readonly faults: number
  readonly durationMs: number
  /** For `jarcast replay`. */
  readonly journal: string
}

/** The jar server's proxy has its own loopback address, so that both can use one port. */
const jarServerHost = '127.0.0.1'
const jarProxyHost = '127.0.0.2'

/** Runs the job of a seed in an empty folder, which then contains its journal and the faults. */
export async function runChaos(seed: number, folder: string): Promise<ChaosReport> {
  const startedAt = Date.now()
  const cluster = await startLocalCluster({
    open: true,
    agents: 2,
    workDir: join(folder, 'cluster'),
    allocationIntervalMs: 20,
    heartbeatIntervalSeconds: 0.2,
    updateRetryMs: 100,
    shutdownGraceMs: 1000,
  })
  const proxies: ChaosProxy[] = []
  const job = await prepareJob(folder)
  const journal = join(folder, 'journal')
  try {
    const framework = await startFramework({ seed, cluster, folder, job, journal, proxies })
    const seen = record(framework)
    const violations = await violationsOf(framework, job, seen, cluster)
    return {
      seed,
      violations,
      ...(await count(job, seen)),
      faults: proxies.flatMap(({ log }) => log).filter((line) => !line.endsWith('clean')).length,
      durationMs: Date.now() - startedAt,
      journal,
    }
  } finally {
    await cluster.close()
    await Promise.all(proxies.map((proxy) => proxy.close()))
    const log = proxies.flatMap((proxy) => proxy.log)
    await writeFile(join(folder, 'connections.log'), `${log.join('\n')}\n`)
  }
}

interface Stage {
  readonly seed: number
  readonly cluster: LocalCluster
  readonly folder: string
  readonly job: ChaosJob
  readonly journal: string
  /** Filled. */
  readonly proxies: ChaosProxy[]
}

async function startFramework(stage: Stage): Promise<Framework> {
  const { cluster, folder, job, journal, proxies, seed } = stage
  const start = async (name: string, url: string, host?: string): Promise<ChaosProxy> => {
    const { hostname, port } = new URL(url)
    const target = { host: hostname, ...(port === '' ? {} : { port: Number(port) }) }
    const proxy = await startChaosProxy({ name, seed, target, ...(host && { host }) })
    proxies.push(proxy)
    return proxy
  }
  const master = await start('master', cluster.url)
  const agents = await Promise.all(
    cluster.agents.map(async ({ hostname, url }) => [url, await start(hostname, url)] as const),
  )
  const jarProxy = await start('jar-server', `http://${jarServerHost}`, jarProxyHost)
  return createFramework({
    master: `127.0.0.1:${master.port}`,
    libraries: job.libraries,
    journal,
    codec: seed % 2 === 0 ? 'protobuf' : 'json',
    jarServer: { bind: jarServerHost, advertise: jarProxyHost, port: jarProxy.port },
    executor: { node: await writeNode(folder, agents) },
  })
}

/** Executors get their agent's address; this script replaces it by the proxy's. */
async function writeNode(
  folder: string,
  agents: readonly (readonly [url: string, proxy: ChaosProxy])[],
): Promise<string> {
  const file = join(folder, 'node.sh')
  const cases = agents.map(
    ([url, { port }]) => `${new URL(url).host}) MESOS_AGENT_ENDPOINT=127.0.0.1:${port} ;;`,
  )
  const script = `#!/bin/sh
case $MESOS_AGENT_ENDPOINT in
${cases.join('\n')}
esac
export MESOS_AGENT_ENDPOINT MESOS_SUBSCRIPTION_BACKOFF_MAX=50ms PATH="${dirname(process.execPath)}:$PATH"
exec ${process.execPath} "$@"
`
  await writeFile(file, script)
  await chmod(file, 0o755)
  return file
}

async function violationsOf(
  framework: Framework,
  job: ChaosJob,
  seen: ChaosRecord,
  cluster: LocalCluster,
): Promise<string[]> {
  if (!(await isDoneInTime(runTasks(framework, job, seen)))) {
    const stuck = job.tasks.filter(({ id }) => !seen.ends.has(id))
    const where = stuck.map(({ id }) => `${id} (${seen.last.get(id) ?? 'never launched'})`)
    const state = JSON.stringify(framework.snapshot?.value)
    // Waiting calls reject.
    await framework.stop()
    return [`hangs in ${state}: ${where.join(', ')}`]
  }
  const violations = [
    ...findTold(job, seen),
    ...(await findUncounted(job, seen)),
    ...(await findOrphans(cluster)),
  ]
  const isEnded = await isDoneInTime(framework.drain())
  return isEnded ? violations : [...violations, 'hangs: it does not end after its last task']
}

async function isDoneInTime(work: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController()
  const late = sleep(waitMs, false, { signal: timer.signal }).catch(() => false)
  const isDone = await Promise.race([work.then(() => true), late])
  timer.abort()
  return isDone
}

/** Tasks that still run, by the master's state, after the last outcome was reported. */
async function findOrphans(cluster: LocalCluster): Promise<string[]> {
  const deadline = Date.now() + waitMs
  for (;;) {
    const left = await liveTasks(cluster)
    if (left.length === 0) return []
    if (Date.now() > deadline)
      return left.map((task) => `${task} goes on, and its user was told its end`)
    await sleep(20)
  }
}

async function liveTasks(cluster: LocalCluster): Promise<string[]> {
  const response = await fetch(`${cluster.url}/state`)
  const { frameworks } = (await response.json()) as {
    readonly frameworks: readonly {
      readonly tasks: readonly { readonly id: string; readonly state: TaskState }[]
    }[]
  }
  return frameworks
    .flatMap(({ tasks }) => tasks)
    .filter(({ state }) => !isTerminal(state))
    .map(({ id, state }) => `${id} (${state})`)
}

async function count({ runs, tasks }: ChaosJob, { ends, launches }: ChaosRecord) {
  const ran = await Promise.all(tasks.map(({ id }) => countRuns(runs, id)))
  const isAsMeant = ({ id, outcome }: (typeof tasks)[number]): boolean =>
    (ends.get(id) ?? []).some((end) => outcomeOf(end) === outcome)
  return {
    tasks: tasks.length,
    asMeant: tasks.filter(isAsMeant).length,
    launches: [...launches.values()].reduce((sum, each) => sum + each, 0),
    runs: ran.reduce((sum, each) => sum + each, 0),
  }
}
