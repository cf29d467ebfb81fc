import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reportOf } from './support/connection.ts'
import type { AgentEnd } from './support/connection.ts'
import { contentOf, gone, startHarness } from './support/harness.ts'
import type { Harness, HarnessOptions } from './support/harness.ts'

let harness: Harness
let agent: AgentEnd
let sandbox: string
let states: Harness['states']

beforeEach(() => start({}))

afterEach(() => harness.close())

async function start(options: HarnessOptions): Promise<void> {
  harness = await startHarness(options)
  ;({ agent, sandbox, states } = harness)
}

async function restart(options: HarnessOptions): Promise<void> {
  await harness.close()
  await start(options)
}

describe('runExecutor', () => {
  it('runs a shell task and keeps its output', async () => {
    agent.launch('t', { kind: 'shell', command: 'echo out; echo err >&2' })
    const status = await agent.last('t')
    expect(status.state).toBe('TASK_FINISHED')
    expect(status.message).toBe('exited with status 0')
    expect(reportOf(status)).toMatchObject({
      exitStatus: 0,
      logTail: expect.stringContaining('out'),
    })
    expect(await readFile(join(sandbox, 'tasks/t/stdout'), 'utf8')).toBe('out\n')
    expect(await readFile(join(sandbox, 'tasks/t/stderr'), 'utf8')).toBe('err\n')
  })

  it('fails a shell task with its status and the end of its log', async () => {
    agent.launch('t', { kind: 'shell', command: 'echo broken >&2; exit 3' })
    const status = await agent.last('t')
    expect(status).toMatchObject({
      state: 'TASK_FAILED',
      reason: 'REASON_COMMAND_EXECUTOR_FAILED',
      source: 'SOURCE_EXECUTOR',
      message: 'exited with status 3',
    })
    expect(reportOf(status)).toEqual({
      version: 1,
      code: 'TASK_FAILED',
      exitStatus: 3,
      logTail: 'broken\n',
    })
  })

  it('reports the signal that ended a task', async () => {
    agent.launch('t', { kind: 'shell', command: 'kill -9 $$' })
    const status = await agent.last('t')
    expect(status.message).toBe('killed by SIGKILL')
    expect(reportOf(status)).toMatchObject({ signal: 'SIGKILL', code: 'TASK_FAILED' })
  })

  it('refuses a task whose data it cannot read', async () => {
    agent.tell({
      type: 'LAUNCH',
      launch: { task: { name: 't', taskId: { value: 't' }, agentId: { value: 'a' }, data: '' } },
    })
    const status = await agent.last('t')
    expect(status.state).toBe('TASK_FAILED')
    expect(reportOf(status).code).toBe('TASK_INVALID')
  })

  it('terminates a killed task and its child processes', async () => {
    agent.launch('t', { kind: 'shell', command: 'sleep 1000 & echo $!; wait' })
    await agent.until(() => states('t').find((state) => state === 'TASK_RUNNING'))
    const pid = await contentOf(join(sandbox, 'tasks/t/stdout'))
    agent.tell({ type: 'KILL', kill: { taskId: { value: 't' } } })
    const status = await agent.last('t')
    expect(status.state).toBe('TASK_KILLED')
    expect(status.message).toBe('killed: killed by SIGTERM')
    await gone(Number(pid))
  })

  it('kills a task that ignores SIGTERM, after its grace period', async () => {
    agent.launch(
      't',
      { kind: 'shell', command: "trap '' TERM; echo deaf; while :; do sleep 0.1; done" },
      { graceMs: 100 },
    )
    await contentOf(join(sandbox, 'tasks/t/stdout'))
    agent.tell({ type: 'KILL', kill: { taskId: { value: 't' } } })
    expect((await agent.last('t')).message).toBe('killed: killed by SIGKILL')
  })

  it('leaves no process behind on SHUTDOWN', async () => {
    for (const id of ['a', 'b', 'c']) {
      agent.launch(id, { kind: 'shell', command: 'echo $$; trap "" TERM; sleep 1000 & wait' })
    }
    const pids = await Promise.all(
      ['a', 'b', 'c'].map((id) => contentOf(join(sandbox, `tasks/${id}/stdout`))),
    )
    agent.tell({ type: 'SHUTDOWN' })
    expect(await harness.executor.ended).toBe(0)
    for (const pid of pids) await gone(Number(pid))
    expect(states('a').at(-1)).toBe('TASK_KILLED')
  })

  it('runs a task without a folder for its output', async () => {
    const { agent, sandbox } = harness
    await writeFile(join(sandbox, 'tasks'), 'not a folder')
    agent.launch('t', { kind: 'shell', command: 'echo out; exit 3' })
    const status = await agent.last('t')
    expect(status.message).toBe('exited with status 3')
    expect(reportOf(status)).toMatchObject({ exitStatus: 3, logTail: 'out\n' })
  })

  it('ends with its task, though the task leaves a daemon', async () => {
    const command = '(setsid sleep 987 & echo $!); nohup sleep 986 & echo started'
    agent.launch('t', { kind: 'shell', command })
    const status = await agent.last('t')
    const pid = Number.parseInt(await contentOf(join(sandbox, 'tasks/t/stdout')), 10)
    // The daemon has left the task's group, and here no container ends it.
    process.kill(pid)
    expect(status.state).toBe('TASK_FINISHED')
    expect(reportOf(status).logTail).toContain('started')
  })

  it('runs many tasks at once', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `many-${index}`)
    for (const id of ids) agent.launch(id, { kind: 'shell', command: `echo ${id}` })
    const statuses = await Promise.all(ids.map((id) => agent.last(id)))
    expect(statuses.map(({ state }) => state)).toEqual(ids.map(() => 'TASK_FINISHED'))
    expect(statuses.map((status) => reportOf(status).logTail)).toEqual(ids.map((id) => `${id}\n`))
  })

  it('says which java is missing and continues', async () => {
    await restart({ env: { PATH: '', JAVA_HOME: '' } })
    agent.launch('j', { kind: 'load-class', className: 'a.B' })
    agent.launch('s', { kind: 'shell', command: 'true' })
    const status = await agent.last('j')
    expect(reportOf(status).code).toBe('JAVA_MISSING')
    expect(status.message).toContain('apt-get install default-jre-headless')
    expect((await agent.last('s')).state).toBe('TASK_FINISHED')
  })
})
