import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFramework } from '../../src/framework/framework.ts'
import type { Framework } from '../../src/framework/framework.ts'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'

let cluster: LocalCluster
let folder: string
let framework: Framework

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-test-'))
  await writeFile(
    join(folder, 'functions.mjs'),
    `import { existsSync } from 'node:fs'
export const wait = async (file) => {
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 10))
  return 'waited'
}
`,
  )
  cluster = await startLocalCluster({
    open: true,
    masters: 2,
    allocationIntervalMs: 50,
    agentBackoffMs: 50,
    authenticateExecutors: true,
    executorEnvironment: { JARCAST_CACHE_DIR: join(folder, 'cache') },
  })
  framework = createFramework({
    master: cluster.masters.map(({ url }) => url).join(','),
    libraries: [join(folder, 'functions.mjs')],
    failoverTimeoutMs: 600_000,
    executor: {
      node: process.execPath,
      environment: { PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` },
    },
  })
})

afterEach(async () => {
  await framework.stop()
  await cluster.close()
  await rm(folder, { recursive: true })
})

/** Resolves once the task runs in jarcast's executor; `finish` ends it and returns its result. */
async function runTask() {
  const file = join(folder, 'go')
  const running = new Promise<void>((resolve) => {
    framework.on('task.updated', ({ state }) => {
      if (state === 'TASK_RUNNING') resolve()
    })
  })
  const work = { kind: 'js', module: 'functions.mjs', export: 'wait', args: [file] } as const
  const result = framework.run({ work, id: 'task' })
  await running
  return async () => {
    await writeFile(file, '')
    return result
  }
}

describe('a task', () => {
  it('runs on while its agent is killed and started, in the same executor', async () => {
    const launches: string[] = []
    framework.on('task.launched', ({ taskId }) => launches.push(taskId))
    const finish = await runTask()
    await cluster.control.restartAgent('agent-1')
    expect(await finish()).toBe('waited')
    expect(launches).toEqual(['task'])
  })

  it('is heard of though it ends while its agent is down', async () => {
    const finish = await runTask()
    await cluster.control.killAgent('agent-1')
    const result = finish()
    await cluster.control.startAgent('agent-1')
    expect(await result).toBe('waited')
  })

  it('runs on while another master takes over', async () => {
    const finish = await runTask()
    await cluster.control.leadMaster('master-1')
    expect(await finish()).toBe('waited')
    await cluster.control.leadMaster('master-0')
  })
})
