import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runExecutor } from '../../src/executor/run-executor.ts'
import type { Executor } from '../../src/executor/run-executor.ts'
import { createAgentEnd, reportOf } from './support/connection.ts'
import type { AgentEnd } from './support/connection.ts'

let sandbox: string
let agent: AgentEnd
let executor: Executor

beforeEach(async () => {
  sandbox = await mkdtemp(join(tmpdir(), 'jarcast-executor-'))
  agent = createAgentEnd()
  executor = await runExecutor({
    environment: {
      agentUrl: 'http://127.0.0.1:1',
      frameworkId: 'framework',
      executorId: 'executor',
      sandbox,
      checkpoint: false,
      recoveryTimeoutMs: 60_000,
      subscriptionBackoffMaxMs: 10,
      shutdownGraceMs: 5000,
    },
    seedUris: [],
    connection: agent.connection,
    env: { ...process.env, JARCAST_CACHE_DIR: join(sandbox, 'cache') },
    log: () => undefined,
  })
  await agent.until(() => agent.calls.find(({ type }) => type === 'SUBSCRIBE'))
})

afterEach(async () => {
  executor.shutDown('the test is over')
  await executor.ended
  await rm(sandbox, { recursive: true })
})

const states = (taskId: string) => agent.statuses(taskId).map(({ state }) => state)

describe('runExecutor', () => {
  it('runs a shell task and keeps what it wrote', async () => {
    agent.launch('t', { kind: 'shell', command: 'echo out; echo err >&2' })
    const status = await agent.last('t')
    expect(states('t')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED'])
    expect(status.message).toBe('exited with status 0')
    expect(reportOf(status)).toMatchObject({
      exitStatus: 0,
      logTail: expect.stringContaining('out'),
    })
    expect(await readFile(join(sandbox, 'tasks/t/stdout'), 'utf8')).toBe('out\n')
    expect(await readFile(join(sandbox, 'tasks/t/stderr'), 'utf8')).toBe('err\n')
  })
})
