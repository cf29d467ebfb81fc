import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkZooKeeper } from '../../../src/cli/doctor/zookeeper-check.ts'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import { faultsOf } from '../../support/json-schema.ts'
import { freePorts } from '../../support/servers/free-ports.ts'
import { hasZooKeeper, standForElection, startZooKeeper } from '../../support/servers/zookeeper.ts'
import type { MasterNode, ZooKeeper } from '../../support/servers/zookeeper.ts'

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
describe.runIf(hasZooKeeper())('checkZooKeeper', () => {
  let zooKeeper: ZooKeeper
  const nodes: MasterNode[] = []
  const http = { protocol: 'http:' } as const
  const servers = () => `127.0.0.1:${zooKeeper.port}`

  beforeAll(async () => {
    zooKeeper = await startZooKeeper()
  })
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.resign()))
    await zooKeeper.close()
  })

  async function elect(path: string, port: number, digest?: string): Promise<string> {
    const node = await standForElection(zooKeeper, path, port, {
      ...(digest !== undefined && { digest }),
    })
    nodes.push(node)
    return node.name
  }

  it("names the leader's node", async () => {
    const name = await elect('/one', 5050)
    expect(await checkZooKeeper(`zk://${servers()}/one`, http)).toEqual({
      check: 'ZooKeeper',
      state: 'ok',
      text: `1 of 1 server answers; ${name} names the leading master, http://127.0.0.1:5050`,
    })
  })

  it('names the servers that do not answer', async () => {
    const [port = 0] = await freePorts(1)
    await elect('/two', 5050)
    const address = `zk://${servers()},127.0.0.1:${port}/two`
    expect(await checkZooKeeper(address, http)).toMatchObject({
      state: 'warning',
      text: expect.stringMatching(`^1 of 2 servers answer \\(.*127.0.0.1:${port}: `) as string,
      remedy: expect.stringContaining('leave them out') as string,
    })
    expect(await checkZooKeeper(`zk://127.0.0.1:${port}/two`, http)).toMatchObject({
      state: 'failed',
      remedy: expect.stringContaining('client port') as string,
    })
  })

  it('tells a wrong path from masters that are not there', async () => {
    expect(await checkZooKeeper(`zk://${servers()}/mesoss`, http)).toMatchObject({
      state: 'failed',
      text: expect.stringContaining('there is no /mesoss') as string,
      remedy: expect.stringContaining("the path of the masters' --zk") as string,
    })
    const [node] = [await standForElection(zooKeeper, '/left', 5050)]
    await node.resign()
    expect(await checkZooKeeper(`zk://${servers()}/left`, http)).toMatchObject({
      state: 'failed',
      text: expect.stringContaining('there is no master at /left') as string,
    })
  })

  it('asks for user and password, and shows none', async () => {
    await elect('/secret', 5050, 'mesos:other')
    const finding = await checkZooKeeper(`zk://mesos:hush@${servers()}/secret`, http)
    expect(finding).toMatchObject({
      state: 'failed',
      remedy: expect.stringContaining('zk://USER:PASSWORD@') as string,
    })
    expect(JSON.stringify(finding)).not.toContain('hush')
  })

  it('comes first in jarcast doctor, which launches nothing with --dry-run', async () => {
    if (!existsSync(main)) throw new Error('this test runs the built program: npm run build')
    const cluster = await startLocalCluster({ open: true, agents: 1 })
    try {
      await elect('/run', Number(new URL(cluster.url).port))
      const master = `zk://${servers()}/run`
      const args = [main, 'doctor', '--no-config', '--master', master, '--dry-run', '--json']
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      const [stdout, [status]] = await Promise.all([text(child.stdout), once(child, 'close')])
      const report = JSON.parse(stdout) as {
        readonly findings: readonly { readonly check: string; readonly state: string }[]
      }
      expect(faultsOf('doctor')(report)).toEqual([])
      expect(report.findings.slice(4).map(({ check, state }) => `${check} ${state}`)).toEqual([
        'ZooKeeper ok',
        'master ok',
        'clock ok',
        'delivery skipped',
      ])
      expect(status).toBe(0)
    } finally {
      await cluster.close()
    }
  })
})
