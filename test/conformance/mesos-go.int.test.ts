/**
 * A framework that shares only Mesos' API with this project: its scheduler and executor with ours,
 * in every pairing.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFramework } from '../../src/framework/framework.ts'
import type { Framework } from '../../src/framework/framework.ts'
import type { FrameworkOptions } from '../../src/framework/options/options.ts'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import { buildGoProgram, hasGo, play } from './go-program.ts'

const bundle = fileURLToPath(new URL('../../dist/executor/jarcast-executor.cjs', import.meta.url))
const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`
const isPossible = hasGo()

let folder: string
let program: string
let cluster: LocalCluster

beforeAll(async () => {
  if (!isPossible) return
  folder = await mkdtemp(join(tmpdir(), 'jarcast-go-'))
  program = join(folder, 'conformance')
  await buildGoProgram(program)
  cluster = await startLocalCluster({
    open: true,
    allocationIntervalMs: 50,
    shutdownGraceMs: 2000,
    // mesos-go's JSON refuses QUOTA_V2, which real masters send too.
    masterCapabilities: ['AGENT_UPDATE', 'AGENT_DRAINING'],
  })
})

afterAll(async () => {
  if (!isPossible) return
  await cluster.close()
  await rm(folder, { recursive: true })
})

const states = (task: string, ...each: readonly string[]) => each.map((state) => `${task} ${state}`)
const finished = states('good', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED')
const failed = states('bad', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_FAILED')
const running = states('t', 'TASK_STARTING', 'TASK_RUNNING')
const reconciled = (task: string) => [task, 'as the master says, without a UUID']

/** The findings of the Go scheduler, in order. */
const facts = {
  finish: [...finished, ...failed, ...finished],
  kill: [...running, 't TASK_KILLED'],
  failover: [
    't TASK_STARTING',
    'the framework id is kept',
    'the first scheduler is told',
    'the update comes again, under its UUID',
    'the task outlives its schedulers',
    't TASK_KILLED',
  ],
  reconcile: [
    ...running,
    ...reconciled('t is TASK_RUNNING'),
    ...reconciled('t is TASK_RUNNING'),
    ...reconciled('u is TASK_GONE'),
    ...reconciled('v is TASK_UNKNOWN'),
    't TASK_KILLED',
    ...reconciled('t is TASK_GONE'),
  ],
  message: [...running, 'the executor answers, byte for byte', 'its ids are told'],
  resubscribe: [
    ...running,
    't TASK_RUNNING',
    'the update came with the subscription',
    't TASK_KILLED',
  ],
} as const

type Scenario = keyof typeof facts
const common = ['finish', 'kill', 'failover', 'reconcile'] as const
const everything = [...common, 'message', 'resubscribe'] as const

function scheduler(codec: string, scenario: Scenario, ...executor: readonly string[]) {
  return play(program, ['-master', cluster.url, '-codec', codec, ...executor, scenario])
}

describe.skipIf(!isPossible).each(['protobuf', 'json'] as const)('mesos-go in %s', (codec) => {
  it.each(common)('plays "%s" with tasks that are commands', async (scenario) => {
    expect(await scheduler(codec, scenario)).toEqual([...facts[scenario], 'torn down'])
  })

  it.each(everything)('plays "%s" with its own executor', async (scenario) => {
    const executor = `exec ${program} executor -codec ${codec}`
    const seen = await scheduler(codec, scenario, '-executor', executor)
    expect(seen).toEqual([...facts[scenario], 'torn down'])
  })

  it.each(common)('plays "%s" with jarcast\'s executor', async (scenario) => {
    const executor = `exec ${process.execPath} jarcast-executor.cjs`
    const seen = await scheduler(codec, scenario, '-executor', executor, '-uri', bundle)
    // It fetches nothing, and reports TASK_RUNNING when the task runs.
    const told = facts[scenario].filter((fact) => !fact.endsWith('TASK_STARTING'))
    expect(seen).toEqual([...told, 'torn down'])
  })

  it("runs tasks on its executor for jarcast's scheduler", async () => {
    const framework = await startFramework(codec)
    const hello = join(folder, `hello-${codec}`)
    await framework.run({ work: { kind: 'shell', command: `echo hello > ${hello}` } })
    await expect(
      framework.run({ work: { kind: 'shell', command: 'exit 3' }, name: 'bad' }),
    ).rejects.toMatchObject({ code: 'TASK_FAILED', details: { message: 'exit status 3' } })
    await framework.drain()
  })

  it("finds in its executor's sandbox the files of Mesos' fetcher", async () => {
    const greeting = join(folder, 'greeting.txt')
    await writeFile(greeting, 'hello')
    const framework = await startFramework(codec, { delivery: 'fetcher', libraries: [greeting] })
    await framework.run({
      work: { kind: 'shell', command: 'test "$(cat libraries/greeting.txt)" = hello' },
    })
    await framework.drain()
  })

  it("ends tasks on its executor when jarcast's scheduler kills them, or stops", async () => {
    const framework = await startFramework(codec)
    const running = new Set<string>()
    const work = { kind: 'shell', command: 'exec sleep 1000' } as const
    const runs = ['killed', 'left'].map((id) => framework.run({ id, work }))
    const ends = Promise.allSettled(runs)
    await new Promise<void>((resolve) => {
      framework.on('task.updated', ({ taskId, state }) => {
        if (state === 'TASK_RUNNING') running.add(taskId)
        if (running.size === 2) resolve()
      })
    })
    framework.kill('killed')
    await expect(runs[0]).rejects.toMatchObject({ details: { state: 'TASK_KILLED' } })
    await framework.stop()
    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})

/** Started by a shipped script, which gets the addresses of its libraries and ignores them. */
async function startFramework(
  codec: 'json' | 'protobuf',
  more: Partial<FrameworkOptions> = {},
): Promise<Framework> {
  const script = join(folder, `executor-${codec}.sh`)
  await writeFile(script, `exec ${program} executor -codec ${codec}\n`)
  return createFramework({
    master: cluster.url,
    codec,
    libraries: [script],
    executor: { script, environment: { PATH: path } },
    ...more,
  })
}
