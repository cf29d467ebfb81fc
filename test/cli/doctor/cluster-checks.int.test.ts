import { describe, expect, it, onTestFinished } from 'vitest'
import { checkDelivery } from '../../../src/cli/doctor/cluster-checks.ts'
import { startLocalCluster } from '../../../src/local/cluster.ts'

describe('checkDelivery', () => {
  it('names an agent that does not end the task', async () => {
    const cluster = await startLocalCluster({ open: true, agents: 1, allocationIntervalMs: 50 })
    onTestFinished(() => cluster.close())
    const options = { master: cluster.url, executor: { node: process.execPath } }
    // No executor starts in 1 ms.
    expect(await checkDelivery(options, 1)).toEqual({
      check: 'delivery',
      state: 'failed',
      text: 'agent-1 has not ended the task within 0.001 s',
      remedy: expect.stringContaining('--advertise HOST') as string,
    })
  })
})
