/** Where the permissions of a run appear, and how long they last: with real executors. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFramework } from '../../../src/framework/framework.ts'
import type { Framework } from '../../../src/framework/framework.ts'
import type { FrameworkOptions } from '../../../src/framework/options/options.ts'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../src/local/cluster.ts'
import { makeCertificate } from '../../support/servers/certificate.ts'

const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`
let cluster: LocalCluster
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-permissions-'))
  await writeFile(join(folder, 'words.txt'), 'shipped')
  await writeFile(join(folder, 'more.txt'), 'shipped later')
  await writeFile(join(folder, 'large.txt'), Buffer.alloc(5_000_000, 'large'))
  cluster = await startLocalCluster({
    open: true,
    allocationIntervalMs: 50,
    workDir: join(folder, 'work'),
    executorEnvironment: { JARCAST_CACHE_DIR: join(folder, 'cache') },
  })
})
afterAll(async () => {
  await cluster.close()
  await rm(folder, { recursive: true })
})

function create(options: Partial<FrameworkOptions> = {}): Framework {
  return createFramework({
    master: cluster.url,
    // The second is one that executors pass on to each other.
    libraries: [join(folder, 'words.txt'), join(folder, 'large.txt')],
    executor: { node: process.execPath, environment: { PATH: path } },
    failoverTimeoutMs: 60_000,
    ...options,
  })
}

function shell(command: string) {
  return { work: { kind: 'shell', command } } as const
}

/** All that lets anybody in. */
function permissionsOf({ jarServer, libraries }: Framework): readonly string[] {
  const { key = '', relayKeys = {} } = jarServer?.accessTo(libraries.current?.id ?? '') ?? {}
  const uris = [jarServer?.pageUri, jarServer?.manifestUri, jarServer?.seedUris()]
  const macs = uris.map((uri) => /\/mac\/\d+\.([\w-]{43})\//.exec(uri ?? '')?.[1] ?? '')
  return [key, ...Object.values(relayKeys), ...macs]
}

/** Of each process that this user may read; those of other tests have other permissions. */
function processesSay(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => `${readQuietly(`/proc/${pid}/cmdline`)}\n${readQuietly(`/proc/${pid}/environ`)}`)
}

function readQuietly(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

async function filesBelow(root: string): Promise<string> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && entry.name !== 'key')
  const texts = files.map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1'))
  return (await Promise.all(texts)).join('\n')
}

async function statesOfCluster(): Promise<string> {
  const urls = [cluster.url, ...cluster.agents.map(({ url }) => url)]
  const calls = ['GET_STATE', 'GET_TASKS', 'GET_EXECUTORS']
  const texts = urls.flatMap((url) => [
    fetch(`${url}/state`).then((answer) => answer.text()),
    ...calls.map(async (type) => {
      const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
      const body = JSON.stringify({ type })
      return (await fetch(`${url}/api/v1`, { method: 'POST', headers, body })).text()
    }),
  ])
  return (await Promise.all(texts)).join('\n')
}

describe('permissions of a run', () => {
  it.skipIf(!existsSync('/proc/self/environ'))(
    'are in nothing that others can read, while it runs and after',
    async () => {
      const journal = join(folder, 'journal')
      const frames: string[] = []
      const told: string[] = []
      const framework = create({
        journal,
        inspect: (frame) => frames.push(JSON.stringify({ ...frame, actorRef: undefined })),
      })
      for (const name of ['jarServer.started', 'task.ended', 'library.fetched'] as const)
        framework.on(name, (payload) => told.push(JSON.stringify(payload)))
      await framework.run(shell('test -f "$JARCAST_LIBRARIES/words.txt"; env'))
      const permissions = permissionsOf(framework)
      expect(new Set(permissions).size).toBe(5)
      for (const each of permissions) expect(each).toHaveLength(43)
      const { secret } = JSON.parse(await readFile(join(journal, 'key'), 'utf8')) as {
        readonly secret: string
      }
      expect((await stat(join(journal, 'key'))).mode & 0o777).toBe(0o600)
      const snapshot = JSON.stringify(framework.snapshot)
      const [states, processes] = [await statesOfCluster(), processesSay()]
      expect(states).toContain('jarcast-executor.cjs')
      await framework.drain()
      const places = {
        states,
        processes: processes.join('\n'),
        ownProcesses: processes.filter((text) => text.includes(folder)).join('\n'),
        snapshot,
        frames: frames.join('\n'),
        told: told.join('\n'),
        journal: await filesBelow(journal),
        sandboxes: await filesBelow(join(folder, 'work')),
      }
      expect(places.ownProcesses).toContain('jarcast-executor.cjs')
      expect(places.journal).toContain('jarServer.started')
      expect(places.sandboxes).toContain('library.fetched')
      for (const [place, text] of Object.entries(places)) {
        for (const permission of [...permissions, secret])
          expect([place, text.includes(permission)]).toEqual([place, false])
        // The program of the executor, a library like others, has the name of that part of a path.
        if (place !== 'processes') expect([place, /\/mac\/\d/.test(text)]).toEqual([place, false])
      }
    },
  )

  it('outlive the process of a scheduler with a journal', async () => {
    const journal = join(folder, 'restarted')
    const first = create({ journal })
    await first.run(shell('true'))
    const before = permissionsOf(first)
    const page = first.jarServer?.pageUri ?? ''
    await first.stop({ detach: true })
    const second = create({ journal })
    try {
      await second.run(shell('grep -q shipped "$JARCAST_LIBRARIES/words.txt"'))
      await second.libraries.add(join(folder, 'more.txt'))
      await second.run(shell('grep -q later "$JARCAST_LIBRARIES/more.txt"'))
      expect(second.jarServer?.pageUri).toBe(page)
      expect(permissionsOf(second)[1]).toBe(before[1])
      expect((await fetch(page)).status).toBe(200)
    } finally {
      await second.stop()
    }
  })

  it('are not needed in an open run', async () => {
    const framework = create({ jarServer: { open: true } })
    try {
      await framework.run(shell('grep -q shipped "$JARCAST_LIBRARIES/words.txt"'))
      const { url = '' } = framework.jarServer ?? {}
      expect((await fetch(`${url}/0_words.txt`)).status).toBe(200)
      expect((await fetch(`${url}/status.json`)).status).toBe(200)
    } finally {
      await framework.stop()
    }
  })

  it.for(['made for the run', 'of files'])(
    'travel with the authority of a certificate %s',
    async (which, { skip }) => {
      const tls = which === 'of files' ? makeCertificate(folder) : 'auto'
      if (tls === undefined) return skip('needs openssl')
      const bind = '127.0.0.1'
      const framework = create({ jarServer: { bind, advertise: bind, tls } })
      try {
        await framework.run(shell('grep -q shipped "$JARCAST_LIBRARIES/words.txt"'))
        expect(framework.jarServer?.url).toMatch(/^https:/)
        const page = framework.jarServer?.pageUri ?? ''
        await expect(fetch(page)).rejects.toThrow('fetch failed')
        await writeFile(join(folder, 'secure.txt'), 'by https')
        await framework.libraries.add(join(folder, 'secure.txt'))
        await framework.run(shell('grep -q https "$JARCAST_LIBRARIES/secure.txt"'))
      } finally {
        await framework.stop()
      }
    },
  )
})
