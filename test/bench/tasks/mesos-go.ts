/** The example framework of mesos-go, with its own executor: tasks of nothing. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { hasTool } from '../../../scripts/support/machine.mjs'
import type { ClusterProcess } from './cluster-process.ts'
import type { Round } from './own-framework.ts'

const source = 'github.com/mesos/mesos-go/api/v1/cmd'
const env = { ...process.env, GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local', GOWORK: 'off' }

/** Builds it in `folder`; undefined, with the reason printed, without Go or its proxy. */
export async function buildMesosGo(folder: string): Promise<string | undefined> {
  if (!hasTool('go')) return undefined
  const programs = [`${source}/example-scheduler`, `${source}/example-executor`]
  try {
    const cwd = 'test/bench/tasks/go'
    await promisify(execFile)('go', ['build', '-o', `${folder}/`, ...programs], { cwd, env })
    return folder
  } catch (error) {
    console.error(`skipped: needs Go and its proxy: ${String(error)}`)
    return undefined
  }
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
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, log] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  if (!log.includes('mission accomplished')) throw new Error(log)
  const round = { seconds: await cluster.spanOf(name), cpuSeconds: cpuSecondsOf(out) }
  await cluster.tearDown(name)
  return round
}

/** The second line is that of the children: user and system, as `0m1.234s`. */
function cpuSecondsOf(times: string): number {
  const [, children = ''] = times.trim().split('\n')
  return [...children.matchAll(/(\d+)m([\d.]+)s/gu)]
    .map(([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds))
    .reduce((sum, each) => sum + each, 0)
}
