import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startLocalCluster, type LocalCluster } from '../../src/local/cluster.ts'
import { readCapture } from './capture.ts'
import { replayCapture } from './replay-capture.ts'

let cluster: LocalCluster

beforeEach(async () => {
  cluster = await startLocalCluster({
    allocationIntervalMs: 50,
    hostnames: ['127.0.0.1'],
    attributes: { rack: 'r1', os: 'debian' },
  })
})

afterEach(() => cluster.close())

async function replay(name: string): Promise<readonly string[]> {
  return replayCapture(await readCapture(name), { url: () => cluster.url })
}

describe('recorded conversations', () => {
  it('tells a framework without capabilities the same', async () => {
    expect(await replay('no-capabilities')).toEqual([])
  })
})
