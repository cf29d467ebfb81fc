/** The credentials that a local cluster made: whoever finds them could run commands as its user. */
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFramework } from '../../../src/framework/framework.ts'
import { startLocalCluster, type LocalCluster } from '../../../src/local/cluster.ts'
import { ask } from '../../local/support/client.ts'

let folder = ''
let cluster: LocalCluster

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-credentials-'))
  await writeFile(join(folder, 'look.mjs'), 'export const look = () => process.env')
  cluster = await startLocalCluster({
    allocationIntervalMs: 50,
    workDir: join(folder, 'work'),
    executorEnvironment: { JARCAST_CACHE_DIR: join(folder, 'cache') },
  })
})

afterEach(async () => {
  await cluster.close()
  await rm(folder, { recursive: true, force: true })
})

async function filesBelow(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')),
  )
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Command lines and environments of every process that can be seen. */
function processes(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((name) => [read(`/proc/${name}/cmdline`), read(`/proc/${name}/environ`)])
}

describe('LocalCluster.credentials', () => {
  it('let a framework in, and are in nothing that it or the cluster leaves or shows', async () => {
    const { principal, secret } = cluster.credentials
    const basic = Buffer.from(`${principal}:${secret}`).toString('base64')
    const frames: string[] = []
    const framework = createFramework({
      master: cluster.url,
      credentials: cluster.credentials,
      libraries: [join(folder, 'look.mjs')],
      executor: { node: process.execPath },
      journal: join(folder, 'journal'),
      inspect: (frame) => frames.push(JSON.stringify({ ...frame, actorRef: undefined })),
    })
    const work = { kind: 'js', module: 'look.mjs', export: 'look' } as const
    const environment = JSON.stringify(await framework.run({ work }))
    const running = processes()
    const headers = { Authorization: `Basic ${basic}` }
    const urls = [cluster.url, ...cluster.agents.map(({ url }) => url)]
    const states = await Promise.all(
      urls.flatMap((url) =>
        ['/state', '/flags'].map(async (page) => (await ask(url + page, { headers })).body),
      ),
    )
    const snapshot = JSON.stringify(framework.snapshot)
    await framework.drain()
    const places = {
      environment: [environment],
      'processes of this machine': running,
      'frames of the inspector': frames,
      snapshot: [snapshot],
      states,
      journal: await filesBelow(join(folder, 'journal')),
      sandboxes: await filesBelow(join(folder, 'work')),
    }
    expect(environment).toContain('MESOS_SANDBOX')
    expect(states.join('')).toContain(`"principal":"${principal}"`)
    for (const [place, texts] of Object.entries(places)) {
      const all = texts.join('\n')
      expect(all.length, place).toBeGreaterThan(0)
      for (const text of [secret, basic]) expect(all.includes(text), place).toBe(false)
    }
  })

  it('are needed: another secret, or none, is refused for good', async () => {
    const { principal } = cluster.credentials
    for (const credentials of [undefined, { principal, secret: 'guessed' }]) {
      const framework = createFramework({
        master: cluster.url,
        ...(credentials && { credentials }),
      })
      const start = framework.start()
      await expect(start).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED', retryable: false })
    }
  })
})
