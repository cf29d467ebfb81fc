/** Placement, environment and delivery of tasks: on the local cluster, end to end. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { taskTableOf } from '../../src/machines/scheduler/components.ts'
import type { JarcastError } from '../../src/errors.ts'
import type { TaskLaunched, TaskUpdated } from '../../src/framework/facts/events.ts'
import { createFramework } from '../../src/framework/framework.ts'
import type { Framework } from '../../src/framework/framework.ts'
import type { FrameworkOptions } from '../../src/framework/options/options.ts'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import { compilerClass, compilerJar, hasJava } from '../support/java.ts'
import { until as waitUntil } from '../support/until.ts'

const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`
let cluster: LocalCluster
let folder: string
let words: string
const frameworks: Framework[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-test-'))
  words = join(folder, 'words.txt')
  await writeFile(words, 'fetched by Mesos')
  cluster = await startLocalCluster({ open: true, agents: 3, allocationIntervalMs: 50 })
})

afterEach(async () => {
  await Promise.all(frameworks.splice(0).map((framework) => framework.stop()))
})

afterAll(async () => {
  await cluster.close()
  await rm(folder, { recursive: true })
})

function start(options: Partial<FrameworkOptions> = {}): Framework {
  const framework = createFramework({
    master: cluster.url,
    ...options,
    executor: { node: process.execPath, environment: { PATH: path }, ...options.executor },
  })
  frameworks.push(framework)
  return framework
}

function shell(command: string) {
  return { work: { kind: 'shell', command } } as const
}

async function failureOf(run: Promise<unknown>): Promise<JarcastError> {
  const result = await run.catch((error: unknown) => error)
  expect(result).toMatchObject({ name: 'JarcastError' })
  return result as JarcastError
}

function launchesOf(framework: Framework): readonly TaskLaunched[] {
  const launches: TaskLaunched[] = []
  framework.on('task.launched', (launched) => launches.push(launched))
  return launches
}

describe('placement', () => {
  it('keeps tasks of one kind on hosts of their own, and waits for the next free one', async () => {
    const framework = start()
    const launches = launchesOf(framework)
    const rules = [{ field: 'hostname', operator: 'unique' }] as const
    const tasks = Array.from({ length: 3 }, (_, index) => ({
      ...shell('exec sleep 1000'),
      id: `s${index}`,
    }))
    const runs = tasks.map((task) => failureOf(framework.run({ ...task, constraints: { rules } })))
    await until(() => launches.length === 3)
    expect(new Set(launches.map(({ hostname }) => hostname)).size).toBe(3)
    const last = framework.run({ ...shell('true'), id: 'last', constraints: { rules } })
    await new Promise((resolve) => framework.once('task.waiting', resolve))
    const [first] = launches
    framework.kill(first?.taskId ?? '')
    await last
    expect(launches.at(-1)).toMatchObject({ taskId: 'last', hostname: first?.hostname })
    for (const { taskId } of launches) framework.kill(taskId)
    await Promise.all(runs)
  })
})

describe('the data of a task', () => {
  it('has its ports and variables, as a plain command', async () => {
    const command =
      'test "$PORT0,$PORT1" = "$PORTS" && test "$PORT0" -ge 31000 && test "$OWN" = 1 && test $# = 0'
    await start().run({ ...shell(command), environment: { OWN: '1' }, resources: { ports: 2 } })
  })

  it("has them in jarcast's executor, too", async () => {
    const command = 'test "$PORT0" = 31007 && test "$OWN" = 1'
    await start({ libraries: [words] }).run({
      ...shell(command),
      environment: { OWN: '1' },
      resources: { ports: [31_007] },
    })
  })

  it('is healthy, and is killed once it is not', async () => {
    const framework = start({ libraries: [words] })
    const updates: TaskUpdated[] = []
    framework.on('task.ended', (update) => updates.push(update))
    const value = 'test -e up'
    const healthCheck = {
      type: 'COMMAND',
      command: { value },
      delaySeconds: 0,
      intervalSeconds: 0.05,
      gracePeriodSeconds: 0,
      consecutiveFailures: 2,
    } as const
    const error = await failureOf(
      framework.run({ ...shell('exec sleep 1000'), mesos: { healthCheck } }),
    )
    expect(error.details).toMatchObject({ state: 'TASK_KILLED' })
    expect(updates[0]?.status).toMatchObject({ healthy: false })
  })

  it('fails when it is not over in time', async () => {
    for (const libraries of [[], [words]]) {
      const run = start({ libraries }).run({ ...shell('exec sleep 1000'), maxCompletionMs: 300 })
      expect((await failureOf(run)).details).toMatchObject({
        state: 'TASK_FAILED',
        reason: 'REASON_MAX_COMPLETION_TIME_REACHED',
      })
    }
  })
})

describe('delivery: fetcher', () => {
  it('puts libraries into the sandbox of a plain command', async () => {
    const framework = start({ libraries: [words], delivery: 'fetcher' })
    const command =
      'test "$(cat libraries/words.txt)" = "fetched by Mesos" && test "$JARCAST_LIBRARIES" = libraries'
    await framework.run(shell(command))
    expect(framework.jarServer?.stats().bytesServed).toBeGreaterThanOrEqual(16)
  })

  it('lets a second task on the agent have them from the cache of Mesos', async () => {
    const framework = start({ libraries: [words], delivery: 'fetcher' })
    const task = { ...shell('cat libraries/words.txt'), constraints: { hostname: 'agent-1' } }
    await framework.run(task)
    const before = framework.jarServer?.stats().bytesServed
    await framework.run(task)
    expect(framework.jarServer?.stats().bytesServed).toBe(before)
  })

  it('gives them to the executor of another user', async () => {
    const script = join(folder, 'other.sh')
    const bundle = join(process.cwd(), 'dist/executor/jarcast-executor.cjs')
    await writeFile(script, `test $# = 0 || exit 9\nexec ${process.execPath} ${bundle}\n`)
    const framework = start({ libraries: [words], delivery: 'fetcher', executor: { script } })
    // Tasks of that executor start in its sandbox.
    await framework.run(shell('grep -q "fetched by Mesos" libraries/words.txt'))
  })

  it("refuses work that needs jarcast's executor, and names that cannot be fetched", async () => {
    const framework = start({ libraries: [words], delivery: 'fetcher' })
    const work = { kind: 'js', module: 'a.mjs', export: 'a' } as const
    expect((await failureOf(framework.run({ work }))).message).toContain('work of kind js needs')
    const odd = join(folder, "it's.txt")
    await writeFile(odd, 'x')
    const error = await failureOf(start({ libraries: [odd], delivery: 'fetcher' }).start())
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', details: { library: "it's.txt" } })
  })

  it.skipIf(!hasJava())('runs a main class as a plain command', async () => {
    const framework = start({ libraries: [compilerJar], delivery: 'fetcher' })
    await framework.run({ work: { kind: 'java', mainClass: compilerClass, args: ['--version'] } })
    const command = `java -cp "$JARCAST_CLASSPATH" ${compilerClass} --version | grep -q Version`
    await framework.run(shell(command))
  })
})

describe('runGroup', () => {
  it.each(['executor', 'fetcher'] as const)(
    'starts tasks together on one agent: %s',
    async (delivery) => {
      const framework = start({ libraries: [words], delivery })
      const launches = launchesOf(framework)
      const port = 'test -n "$PORT0"'
      const file = 'grep -q Mesos "$JARCAST_LIBRARIES/words.txt"'
      const tasks = [
        { ...shell(`${file} && ${port}`), resources: { ports: 1 } },
        shell(file),
        shell('true'),
      ]
      expect(await framework.runGroup(tasks)).toEqual([undefined, undefined, undefined])
      expect(new Set(launches.map(({ agentId }) => agentId)).size).toBe(1)
      expect(launches).toHaveLength(3)
    },
  )

  it.each(['executor', 'fetcher'] as const)(
    'fails as a whole when one fails: %s',
    async (delivery) => {
      const framework = start({ libraries: [words], delivery })
      const ended: TaskUpdated[] = []
      framework.on('task.ended', (end) => ended.push(end))
      const run = framework.runGroup(
        [
          { ...shell('exec sleep 1000'), id: 'one' },
          { ...shell('sleep 0.5; exit 3'), id: 'two' },
        ],
        { id: 'pair' },
      )
      expect((await failureOf(run)).details).toMatchObject({ taskId: 'two', state: 'TASK_FAILED' })
      await until(() => ended.length === 2)
      expect(ended.map(({ taskId, state }) => [taskId, state])).toEqual([
        ['two', 'TASK_FAILED'],
        ['one', 'TASK_KILLED'],
      ])
    },
  )

  it('waits for an offer that has room for all of it', async () => {
    const framework = start()
    const [resource] = [{ cpus: 1000, memMb: 32 }]
    const large = { ...shell('true'), id: 'large', ...(resource && { resources: resource }) }
    const run = failureOf(framework.runGroup([{ ...shell('true'), id: 'small' }, large]))
    await new Promise((resolve) => framework.once('task.waiting', resolve))
    framework.kill('small')
    expect((await run).message).toContain('killed before it was launched')
    expect(framework.snapshot && taskTableOf(framework.snapshot).rows.size).toBe(0)
  })

  it('refuses tasks whose resources would never be offered', async () => {
    const resources = { gpus: 1 }
    const refused = await failureOf(start().run({ ...shell('true'), resources }))
    expect(refused).toMatchObject({
      code: 'TASK_INVALID',
      message: expect.stringContaining('add GPU_RESOURCES to capabilities'),
    })
    const framework = start({ capabilities: ['GPU_RESOURCES'] })
    const run = failureOf(framework.run({ ...shell('true'), id: 'waits', resources }))
    await new Promise((resolve) => framework.once('task.waiting', resolve))
    framework.kill('waits')
    expect((await run).message).toContain('killed before it was launched')
  })

  it('refuses groups that cannot be', async () => {
    const framework = start()
    const twice = [
      { ...shell('true'), id: 'a' },
      { ...shell('true'), id: 'a' },
    ]
    expect((await failureOf(framework.runGroup([]))).message).toContain('1 to 100 tasks')
    expect((await failureOf(framework.runGroup(twice))).message).toContain('the same id')
    const retried = [{ ...shell('true'), retry: { maxAttempts: 2 } }]
    expect((await failureOf(framework.runGroup(retried))).message).toContain('leave retry out')
  })
})

/** Resolves when `condition` holds; events are what make it hold. */
async function until(condition: () => boolean): Promise<void> {
  await waitUntil(String(condition), condition)
}
