/** The example framework of mesos-go, with its own executor: tasks of nothing. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { buildWithGo } from '../../support/go.ts'
import { cpuSecondsInTimes } from '../../support/process-usage.ts'
import type { ClusterProcess } from './cluster-process.ts'
import type { Round } from './own-framework.ts'

const source = 'github.com/mesos/mesos-go/api/v1/cmd'

/** Builds it in `folder`; undefined, with the reason printed, without Go or its proxy. */
export async function buildMesosGo(folder: string): Promise<string | undefined> {
  const programs = [`${source}/example-scheduler`, `${source}/example-executor`]
  const why = await buildWithGo('test/bench/cluster/tasks/go', programs, folder)
  if (why === undefined) return folder
  console.error(`mesos-go's example: skipped: ${why}`)
  return undefined
}

export interface MesosGoOptions {
  readonly folder: string
  readonly cluster: ClusterProcess
  readonly codec: 'json' | 'protobuf'
  readonly name: string
  readonly tasks: number
  readonly resources: { readonly cpus: number; readonly memMb: number }
}

/** Runs it to its end. The time is that between its first and its last update. */
export async function runMesosGo(options: MesosGoOptions): Promise<Round> {
  const { folder, cluster, codec, name, tasks, resources } = options
  const flags = {
    url: `${cluster.url}/api/v1/scheduler`,
    codec,
    name,
    tasks,
    cpu: resources.cpus,
    memory: resources.memMb,
    executor: join(folder, 'example-executor'),
    'exec.image': '',
    'exec.memory': 32,
    'metrics.port': 0,
  }
  const args = Object.entries(flags).map(([flag, value]) => `-${flag}=${value}`)
  // `times` reports the CPU time of the ended child.
  const script = '"$0" "$@"; times'
  const child = spawn('/bin/sh', ['-c', script, join(folder, 'example-scheduler'), ...args], {
    // In other locales, seconds have a comma.
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, log] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  if (!log.includes('mission accomplished')) throw new Error(log)
  const round = { seconds: await cluster.spanOf(name), cpuSeconds: cpuSecondsInTimes(out) }
  await cluster.tearDown(name)
  return round
}
