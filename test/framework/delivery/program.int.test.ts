/** Another server at the jar server's address, as on the freed port after a crash. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createFramework } from '../../../src/framework/framework.ts'
import type { Framework } from '../../../src/framework/framework.ts'
import type { FrameworkOptions } from '../../../src/framework/options/options.ts'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../src/local/cluster.ts'

const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`
let cluster: LocalCluster
let folder: string
let proof: string
let evil: Server
let framework: Framework

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-program-'))
  proof = join(folder, 'proof')
  await writeFile(join(folder, 'words.txt'), 'fetched by Mesos')
  cluster = await startLocalCluster({ open: true, allocationIntervalMs: 50 })
  evil = createServer((_, res) => res.end(`touch ${proof}\n`))
  await new Promise<void>((resolve) => evil.listen(0, '127.0.0.2', resolve))
})
afterEach(() => framework.stop())
afterAll(async () => {
  await cluster.close()
  evil.close()
  await rm(folder, { recursive: true })
})

function start(options: Partial<FrameworkOptions>): Framework {
  const { port } = evil.address() as AddressInfo
  framework = createFramework({
    master: cluster.url,
    libraries: [join(folder, 'words.txt')],
    jarServer: { bind: '127.0.0.1', advertise: '127.0.0.2', port },
    ...options,
    executor: { node: process.execPath, environment: { PATH: path }, ...options.executor },
  })
  return framework
}

describe('what another server gives to the agents', () => {
  it.each(['the executor', 'a script'])('is not run as %s', async (what) => {
    const script = join(folder, 'own.sh')
    await writeFile(script, 'exit 0\n')
    // The program is shell text: Node would end with a syntax error, and prove nothing.
    const executor = what === 'a script' ? { script } : { node: '/bin/sh' }
    start({ executor: { ...executor } })
    const run = framework.run({ work: { kind: 'shell', command: 'true' } })
    await expect(run).rejects.toMatchObject({
      code: 'PROGRAM_REJECTED',
      message: expect.stringMatching(/SHA-256 that was shipped \([0-9a-f]{64}\).*other server/),
    })
    expect(existsSync(proof)).toBe(false)
  })

  it.each([undefined, ['-c', `touch "$0"`]])(
    'is beside no command that runs (%j)',
    async (args) => {
      start({ delivery: 'fetcher' })
      const command = args === undefined ? `touch ${proof}` : '/bin/sh'
      const own = args && { args: [...args, proof] }
      const run = framework.run({ work: { kind: 'shell', command, ...own } })
      await expect(run).rejects.toMatchObject({
        code: 'TASK_FAILED',
        message: expect.stringContaining('a library is not the one that was shipped'),
      })
      expect(existsSync(proof)).toBe(false)
    },
  )
})
