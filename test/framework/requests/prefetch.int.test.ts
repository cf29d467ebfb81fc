import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { FrameworkEvents } from '../../../src/framework/facts/events.ts'
import { createFramework } from '../../../src/framework/framework.ts'
import type { Framework } from '../../../src/framework/framework.ts'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../src/local/cluster.ts'

const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`
const hosts = ['agent-1', 'agent-2', 'agent-3']
let cluster: LocalCluster
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-prefetch-'))
  await writeFile(join(folder, 'sum.mjs'), 'export const sum = (...all) => all.length\n')
  cluster = await startLocalCluster({
    open: true,
    agents: hosts.length,
    attributes: { rack: 'r1' },
    allocationIntervalMs: 50,
    // A host each.
    executorEnvironment: ({ hostname }) => ({ JARCAST_CACHE_DIR: join(folder, hostname) }),
  })
})

afterAll(async () => {
  await cluster.close()
  await rm(folder, { recursive: true })
})

function start(): { readonly framework: Framework; readonly sources: () => readonly string[] } {
  const framework = createFramework({
    master: cluster.url,
    libraries: [join(folder, 'sum.mjs')],
    executor: { node: process.execPath, environment: { PATH: path } },
  })
  onTestFinished(() => framework.stop())
  const sources: FrameworkEvents['library.fetched'][0]['source'][] = []
  framework.on('library.fetched', ({ source }) => sources.push(source))
  return { framework, sources: () => sources }
}

async function executors(): Promise<number> {
  const answer = await fetch(`${cluster.url}/api/v1`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"type":"GET_EXECUTORS"}',
  })
  const { get_executors: all } = (await answer.json()) as {
    readonly get_executors?: { readonly executors?: readonly unknown[] }
  }
  return all?.executors?.length ?? 0
}

const sum = { kind: 'js', module: 'sum.mjs', export: 'sum', args: [1, 2] } as const

describe('libraries.prefetch', () => {
  it('puts the libraries on each agent, and leaves nothing but them', async () => {
    const { framework, sources } = start()
    const agents = await framework.libraries.prefetch()
    expect(agents.map(({ hostname, error }) => [hostname, error])).toEqual(
      hosts.map((hostname) => [hostname, undefined]),
    )
    expect(sources()).toHaveLength(3)
    expect(sources()).not.toContain('cache')
    await expect.poll(executors).toBe(0)
    expect(await framework.run({ work: sum, constraints: { hostname: 'agent-3' } })).toBe(2)
    expect(sources().slice(3)).toEqual(['cache'])
  })

  it('takes the agents that meet constraints, and keeps their executors where that is asked', async () => {
    const { framework } = start()
    const agents = await framework.libraries.prefetch({
      constraints: {
        attributes: { rack: 'r1' },
        rules: [{ field: 'hostname', operator: 'unlike', value: '.*2' }],
      },
      keepExecutors: true,
    })
    expect(agents.map(({ hostname }) => hostname)).toEqual(['agent-1', 'agent-3'])
    expect(await executors()).toBe(2)
    const none = { constraints: { attributes: { rack: 'r9' } } }
    await expect(framework.libraries.prefetch(none)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    })
  })

  it('tells which agents have them when one is not there in time', async () => {
    const { framework } = start()
    const agents = await framework.libraries.prefetch({
      agents: ['agent-2', 'agent-9'],
      timeoutMs: 3000,
    })
    expect(agents).toMatchObject([
      { hostname: 'agent-2' },
      { hostname: 'agent-9', error: { code: 'TASK_FAILED' } },
    ])
    expect(agents[0]?.error).toBeUndefined()
  })
})
