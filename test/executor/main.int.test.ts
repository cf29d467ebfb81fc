import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { encodeRecord } from '../../src/mesos/recordio.ts'
import { startAgentServer } from './support/agent-server.ts'
import type { AgentServer } from './support/agent-server.ts'
import { contentOf, gone } from './support/harness.ts'
import { allGone, otherWatcher, watchersOf } from './support/processes.ts'

let folder: string
let program: string
let sandbox: string
let agent: AgentServer
let executor: ChildProcess

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-bundle-'))
  program = join(folder, 'jarcast-executor.cjs')
  await promisify(execFile)(process.execPath, ['scripts/bundle-programs.mjs', program])
})

afterAll(() => rm(folder, { recursive: true }))

beforeEach(async () => {
  sandbox = await mkdtemp(join(tmpdir(), 'jarcast-sandbox-'))
  agent = await startAgentServer()
})

afterEach(async () => {
  executor.kill('SIGKILL')
  await agent.die()
  await rm(sandbox, { recursive: true })
})

function start(
  env: NodeJS.ProcessEnv = {},
  more: { readonly uid?: number } = {},
  wrapper: readonly string[] = [],
): ChildProcess {
  const [file, ...words] = [...wrapper, process.execPath, program]
  executor = spawn(file, words, {
    ...more,
    cwd: sandbox,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      MESOS_AGENT_ENDPOINT: `127.0.0.1:${agent.port}`,
      MESOS_FRAMEWORK_ID: 'framework',
      MESOS_EXECUTOR_ID: 'executor',
      MESOS_SANDBOX: sandbox,
      MESOS_CHECKPOINT: '0',
      MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: '2secs',
      ...env,
    },
  })
  return executor
}

const checkpointing = {
  MESOS_CHECKPOINT: '1',
  MESOS_RECOVERY_TIMEOUT: '15mins',
  MESOS_SUBSCRIPTION_BACKOFF_MAX: '20ms',
}

async function subscribed(): Promise<void> {
  await agent.until(() => agent.calls.find(({ type }) => type === 'SUBSCRIBE'))
}

async function exitOf(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null) return child.exitCode
  const [status] = (await once(child, 'exit')) as unknown[]
  return status
}

const states = (taskId: string) => agent.statuses(taskId).map(({ state }) => state)

/** Starts a long task, and returns the id of its process. */
async function startLasting(taskId: string): Promise<number> {
  agent.launchShell(taskId, 'echo $$; sleep 1000 & wait')
  await agent.until(() => states(taskId).find((state) => state === 'TASK_RUNNING'))
  return Number(await contentOf(join(sandbox, `tasks/${taskId}/stdout`)))
}

describe('jarcast-executor.cjs', () => {
  it('runs tasks, with their output in the sandbox log', async () => {
    start()
    await subscribed()
    agent.launchShell('t', 'echo hello')
    await agent.until(() => states('t').find((state) => state === 'TASK_FINISHED'))
    const [chunk] = (await once(executor.stdout ?? executor, 'data')) as unknown[]
    expect(String(chunk)).toBe('[t] hello\n')
  })

  it.skipIf(process.getuid?.() !== 0)('runs as a user without an account', async () => {
    const uid = 54_321
    await chmod(folder, 0o755)
    await chown(sandbox, uid, uid)
    start({ TMPDIR: sandbox }, { uid })
    await subscribed()
    agent.launchShell('t', 'id -u')
    await agent.until(() => states('t').find((state) => state === 'TASK_FINISHED'))
    expect(await contentOf(join(sandbox, 'tasks/t/stdout'))).toBe(`${uid}\n`)
  })

  it('names the variables missing from its environment', async () => {
    start({ MESOS_AGENT_ENDPOINT: '', MESOS_SANDBOX: '' })
    const [chunk] = (await once(executor.stderr ?? executor, 'data')) as unknown[]
    expect(String(chunk)).toContain('MESOS_AGENT_ENDPOINT, MESOS_SANDBOX missing')
    expect(await exitOf(executor)).toBe(1)
  })

  it.each([
    ['no event', encodeRecord(Buffer.from('nonsense'))],
    ['a launch without its task', encodeRecord(Buffer.from([8, 2]))],
    ['no record', Buffer.from('<html>')],
    ['too large a record', Buffer.from(`${2 ** 40}\n`)],
  ])('subscribes again with its tasks after %s', async (_, bytes) => {
    start()
    await subscribed()
    const pid = await startLasting('t')
    agent.tellBytes(bytes)
    const again = () => agent.calls.filter(({ type }) => type === 'SUBSCRIBE')[1]
    await agent.until(again)
    agent.launchShell('u', 'echo hello')
    await agent.until(() => states('u').find((state) => state === 'TASK_FINISHED'))
    agent.tell({ type: 'KILL', kill: { taskId: { value: 't' } } })
    await agent.until(() => states('t').find((state) => state === 'TASK_KILLED'))
    await gone(pid)
  })

  it('survives tasks for which it has no file descriptors', async () => {
    start({}, {}, ['/bin/sh', '-c', 'ulimit -n 50; exec "$@"', 'sh'])
    await subscribed()
    const ids = Array.from({ length: 20 }, (_, index) => `t-${index}`)
    const endOf = (id: string) => () =>
      agent.statuses(id).find(({ state }) => state === 'TASK_FAILED' || state === 'TASK_FINISHED')
    for (const id of ids) agent.launchShell(id, 'sleep 2')
    const ends = await Promise.all(ids.map((id) => agent.until(endOf(id))))
    const failed = ends.filter(({ state }) => state === 'TASK_FAILED')
    expect(failed.length).toBeGreaterThan(0)
    for (const { message } of failed) expect(message).toMatch(/EMFILE|file descriptors/)
    agent.launchShell('u', 'echo hello')
    expect(await agent.until(endOf('u'))).toMatchObject({ state: 'TASK_FINISHED' })
  })

  it('ends with its tasks on SHUTDOWN', async () => {
    start()
    await subscribed()
    const pid = await startLasting('t')
    agent.tell({ type: 'SHUTDOWN' })
    expect(await exitOf(executor)).toBe(0)
    await gone(pid)
    expect(states('t').at(-1)).toBe('TASK_KILLED')
  })

  it('ends with its tasks on SIGTERM', async () => {
    start()
    await subscribed()
    const pid = await startLasting('t')
    executor.kill('SIGTERM')
    expect(await exitOf(executor)).toBe(0)
    await gone(pid)
  })

  it('dies with its agent when the framework does not checkpoint', async () => {
    start()
    await subscribed()
    const pid = await startLasting('t')
    await agent.die()
    expect(await exitOf(executor)).toBe(1)
    await gone(pid)
  })

  it('leaves no task behind when it is killed', async () => {
    start()
    await subscribed()
    const pid = await startLasting('t')
    executor.kill('SIGKILL')
    await gone(pid)
  })

  it('leaves no starting process behind, nor its children', async () => {
    const mark = randomUUID()
    start({ MARK: mark })
    await subscribed()
    for (let task = 0; task < 60; task++) {
      agent.launchShell(`t${task}`, 'echo up >> up; sleep 1000 & wait')
    }
    // The first task runs while the executor starts the others.
    await contentOf(join(sandbox, 'up'))
    executor.kill('SIGKILL')
    await allGone(mark)
  })

  it('has one watcher, and replaces a killed one', async () => {
    const mark = randomUUID()
    start({ MARK: mark })
    await subscribed()
    await startLasting('t')
    await startLasting('u')
    const [watcher, ...more] = await watchersOf(mark)
    expect(more).toEqual([])
    process.kill(watcher ?? 0, 'SIGKILL')
    await otherWatcher(mark, watcher)
    agent.launchShell('v', 'true')
    await agent.until(() => states('v').find((state) => state === 'TASK_FINISHED'))
    executor.kill('SIGKILL')
    await allGone(mark)
  })

  it('outlives its agent when checkpointing, and resends updates that were not acknowledged', async () => {
    start(checkpointing)
    await subscribed()
    agent.acknowledges = false
    const pid = await startLasting('t')
    const { port } = agent
    const sent = agent.statuses('t')
    await agent.die()
    agent = await startAgentServer(port)
    await subscribed()
    const [again] = agent.calls
    expect(again?.type === 'SUBSCRIBE' && again.subscribe).toMatchObject({
      unacknowledgedTasks: [{ taskId: { value: 't' }, name: 't' }],
      unacknowledgedUpdates: sent.map((status) => ({ status })),
    })
    process.kill(pid, 0)
    agent.tell({ type: 'KILL', kill: { taskId: { value: 't' } } })
    await agent.until(() => states('t').find((state) => state === 'TASK_KILLED'))
    await gone(pid)
  })

  it('gives up its agent after the recovery timeout', async () => {
    start({ ...checkpointing, MESOS_RECOVERY_TIMEOUT: '200ms' })
    await subscribed()
    const pid = await startLasting('t')
    await agent.die()
    expect(await exitOf(executor)).toBe(1)
    await gone(pid)
  })

  it('subscribes again while the agent is recovering', async () => {
    agent.subscribeStatus = 503
    start({ MESOS_SUBSCRIPTION_BACKOFF_MAX: '10ms' })
    await agent.until(() => (agent.calls.length >= 3 ? true : undefined))
    agent.subscribeStatus = 200
    await agent.until(() => agent.calls[3])
    agent.launchShell('t', 'true')
    await agent.until(() => states('t').find((state) => state === 'TASK_FINISHED'))
  })

  it('ends at once if the agent does not know it', async () => {
    agent.subscribeStatus = 400
    start(checkpointing)
    expect(await exitOf(executor)).toBe(1)
  })
})
