/** An executor in this process, with the agent's end of its connection, and a sandbox. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runExecutor } from '../../../src/executor/run-executor.ts'
import type { Executor, ExecutorOptions } from '../../../src/executor/run-executor.ts'
import { createAgentEnd } from './connection.ts'
import type { AgentEnd } from './connection.ts'
import { until } from '../../support/until.ts'

export interface Harness {
  readonly agent: AgentEnd
  readonly sandbox: string
  readonly executor: Executor
  states(taskId: string): readonly (string | undefined)[]
  close(): Promise<void>
}

export interface HarnessOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly seedUris?: readonly string[]
  readonly checkpoint?: boolean
  readonly cacheFolder?: string
  readonly inspect?: ExecutorOptions['inspect']
}

export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const sandbox = await mkdtemp(join(tmpdir(), 'jarcast-executor-'))
  const agent = createAgentEnd()
  const executor = await runExecutor({
    environment: {
      agentUrl: 'http://127.0.0.1:1',
      tls: {},
      mediaType: 'application/x-protobuf',
      frameworkId: 'framework',
      executorId: 'executor',
      sandbox,
      checkpoint: options.checkpoint ?? false,
      recoveryTimeoutMs: 60_000,
      subscriptionBackoffMaxMs: 10,
      shutdownGraceMs: 2000,
    },
    seedUris: options.seedUris ?? [],
    connection: agent.connection,
    env: {
      ...process.env,
      JARCAST_CACHE_DIR: options.cacheFolder ?? join(sandbox, 'cache'),
      ...options.env,
    },
    log: () => undefined,
    inspect: options.inspect,
  })
  await agent.until(() => agent.calls.find(({ type }) => type === 'SUBSCRIBE'))
  return {
    agent,
    sandbox,
    executor,
    states: (taskId) => agent.statuses(taskId).map(({ state }) => state),
    async close() {
      executor.shutDown('the test is over')
      await executor.ended
      await rm(sandbox, { recursive: true })
    },
  }
}

/** Waits until the file is not empty. */
export async function contentOf(path: string): Promise<string> {
  return await until(`bytes in ${path}`, async () => {
    const text = await readFile(path, 'utf8').catch(() => '')
    return text !== '' && text
  })
}

/** Waits until there is no process with this id, except for a zombie. */
export async function gone(pid: number): Promise<void> {
  await until(`the end of process ${pid}`, async () => {
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
    return state === undefined || /\) [ZX] /.test(state)
  })
}
