import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFramework } from '../../src/framework/framework.ts'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import type { MasterCapability } from '../../src/local/options/cluster-options.ts'

/** What masters claim, whatever their version says. */
const masters: readonly (readonly [string, string, readonly MasterCapability[]])[] = [
  ['a master that claims nothing', '1.4.0', []],
  ['one of 1.11.0 with all of 1.12', '1.11.0', ['AGENT_UPDATE', 'AGENT_DRAINING', 'QUOTA_V2']],
]

describe.each(masters)('%s', (_, masterVersion, masterCapabilities) => {
  let cluster: LocalCluster

  beforeAll(async () => {
    const options = { open: true, allocationIntervalMs: 50 }
    cluster = await startLocalCluster({ ...options, masterVersion, masterCapabilities })
  })
  afterAll(async () => {
    await cluster.close()
  })

  const ask = async (path: string) => {
    const answer = await fetch(cluster.url + path)
    return (await answer.json()) as Record<string, unknown>
  }

  it('is what it says it is', async () => {
    expect(await ask('/version')).toMatchObject({ version: masterVersion })
    expect(await ask('/state')).toMatchObject({ capabilities: masterCapabilities })
  })

  it('runs tasks with containers, discovery and secrets by name', async () => {
    const framework = createFramework({ master: cluster.url })
    try {
      const running = new Promise<void>((resolve) => {
        framework.on('task.updated', ({ state }) => {
          if (state === 'TASK_RUNNING') resolve()
        })
      })
      const end = framework.run({
        id: 'web',
        work: { kind: 'shell', command: 'sleep 600' },
        resources: { cpus: 0.1, memMb: 32, ports: 1 },
        container: {
          networks: ['overlay'],
          portMappings: [{ containerPort: 80 }],
          volumes: [{ containerPath: 'key', secret: 'tls-key' }],
        },
        discovery: { name: 'shop', ports: ['http'] },
        secrets: { PASSWORD: { name: 'db', key: 'password' } },
      })
      await running
      await framework.update({ name: 'renamed' })
      const state = JSON.stringify(await ask('/state'))
      const ports = /"host_port":(\d+),"container_port":80|"container_port":80,"host_port":(\d+)/
      const [, one, other] = ports.exec(state) ?? []
      expect(Number(one ?? other)).toBeGreaterThan(0)
      expect(state).toContain('"name":"shop"')
      expect(state).toContain('"name":"http"')
      expect(state).toContain('tls-key')
      framework.kill('web')
      await expect(end).rejects.toMatchObject({ details: { state: 'TASK_KILLED' } })
    } finally {
      await framework.stop()
    }
  })
})
