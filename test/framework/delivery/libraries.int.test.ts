import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { manifestJson } from '../../../src/domain/libraries/library.ts'
import type { LibrarySet } from '../../../src/domain/libraries/library.ts'
import type { FrameworkEvents } from '../../../src/framework/facts/events.ts'
import { withoutMac } from '../../../src/domain/libraries/signed-path.ts'
import { createFramework } from '../../../src/framework/framework.ts'
import type { Framework } from '../../../src/framework/framework.ts'
import type { FrameworkOptions } from '../../../src/framework/options/options.ts'
import { readJournal } from '../../../src/journal/files/read-journal.ts'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../src/local/cluster.ts'

const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`
let cluster: LocalCluster
let cache: string
let folder: string
let frameworks: Framework[]

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'jarcast-libraries-cache-'))
  cluster = await startLocalCluster({
    open: true,
    allocationIntervalMs: 50,
    executorEnvironment: () => ({ JARCAST_CACHE_DIR: cache }),
  })
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-libraries-test-'))
  frameworks = []
})

afterEach(async () => {
  await Promise.all(frameworks.map((framework) => framework.stop()))
  await rm(folder, { recursive: true })
})

afterAll(async () => {
  await cluster.close()
  await rm(cache, { recursive: true })
})

function start(libraries: readonly string[], options: Partial<FrameworkOptions> = {}): Framework {
  const framework = createFramework({
    master: cluster.url,
    libraries,
    ...options,
    executor: { node: process.execPath, environment: { PATH: path }, ...options.executor },
  })
  frameworks.push(framework)
  return framework
}

/** A module that says `version`, now or once `gate` exists. */
async function versionModule(name: string, version: string): Promise<string> {
  const file = join(folder, name)
  await writeFile(
    file,
    `import { existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
export const version = () => '${version}'
export async function later(gate) { while (!existsSync(gate)) await setTimeout(20); return (await import(import.meta.url)).version() }
// ${version.repeat(100)}
`,
  )
  return file
}

function js(module: string, name = 'version', ...args: readonly string[]) {
  return { work: { kind: 'js', module, export: name, args } } as const
}

function once(framework: Framework, name: keyof FrameworkEvents) {
  return new Promise<unknown>((resolve) => framework.once(name, (...args) => resolve(args[0])))
}

const manifestBytes = (set: LibrarySet | undefined): number =>
  set === undefined ? 0 : Buffer.byteLength(manifestJson(set))

describe('libraries of a running framework', () => {
  it('reach an executor as the one blob of fifty that changed', async () => {
    const files = await Promise.all(
      Array.from({ length: 49 }, async (_, index) => {
        const file = join(folder, `data-${index}.bin`)
        await writeFile(file, Buffer.alloc(20_000, index))
        return file
      }),
    )
    const framework = start([...files, await versionModule('v.mjs', '1')])
    expect(await framework.run(js('v.mjs'))).toBe('1')
    const before = framework.jarServer?.stats()
    const set = await framework.libraries.replace('v.mjs', await versionModule('v.mjs', '2'))
    expect(await framework.run(js('v.mjs'))).toBe('2')
    const after = framework.jarServer?.stats()
    expect(set.libraries).toHaveLength(50)
    // The manifest and the blob, and nothing else.
    expect((after?.requests ?? 0) - (before?.requests ?? 0)).toBe(2)
    expect((after?.bytesServed ?? 0) - (before?.bytesServed ?? 0)).toBe(
      manifestBytes(set) + (set.libraries.find(({ name }) => name === 'v.mjs')?.sizeBytes ?? 0),
    )
  })

  it('are those that each task was submitted with, on one executor, until its end', async () => {
    const framework = start([await versionModule('v.mjs', '1')])
    const executors = new Set<string>()
    framework.on('task.updated', ({ status }) => executors.add(status?.executorId?.value ?? ''))
    const gate = join(folder, 'gate')
    const running = once(framework, 'task.updated')
    const old = framework.run(js('v.mjs', 'later', gate))
    await running
    const first = framework.libraries.current
    const second = await framework.libraries.replace('v.mjs', await versionModule('v.mjs', '2'))
    expect(await framework.run(js('v.mjs'))).toBe('2')
    expect(framework.libraries.list()).toEqual(
      expect.arrayContaining([
        { set: first, taskCount: 1, isCurrent: false },
        { set: second, taskCount: 0, isCurrent: true },
      ]),
    )
    const manifest = framework.jarServer?.manifestUri ?? ''
    const plain = withoutMac(manifest).replace(second.id, first?.id ?? '')
    const oldManifest = framework.jarServer?.sign(plain, 'launch') ?? ''
    expect((await fetch(oldManifest)).status).toBe(200)
    const released = once(framework, 'libraries.released')
    await writeFile(gate, '')
    expect(await old).toBe('1')
    expect(await released).toMatchObject({ setIds: [first?.id] })
    await expect.poll(async () => (await fetch(oldManifest)).status).toBe(404)
    expect((await fetch(manifest)).status).toBe(200)
    expect(framework.libraries.list()).toMatchObject([{ isCurrent: true }])
    expect(executors.size).toBe(1)
  })

  it('are added and removed under tasks that wait and need them', async () => {
    const framework = start([await versionModule('v.mjs', '1')])
    await framework.libraries.add(await versionModule('w.mjs', 'w'))
    expect(await framework.run(js('w.mjs'))).toBe('w')
    // Without an offer between them: submission, removal of the library, launch.
    const waiting = framework.run(js('w.mjs'))
    const set = await framework.libraries.remove('w.mjs')
    expect(set.libraries.map(({ name }) => name)).toEqual(['v.mjs'])
    expect(await waiting).toBe('w')
    await expect(framework.run(js('w.mjs'))).rejects.toMatchObject({ name: 'JarcastError' })
    expect(await framework.run(js('v.mjs'))).toBe('1')
  })

  it('stay as they are when a change is refused', async () => {
    const framework = start([await versionModule('v.mjs', '1')])
    await framework.start()
    const { libraries } = framework
    const before = libraries.current
    const file = join(folder, 'other/v.mjs')
    await mkdir(dirname(file))
    await writeFile(file, 'another')
    await expect(libraries.add(file)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    await expect(libraries.remove('x.jar')).rejects.toMatchObject({ code: 'LIBRARY_NOT_FOUND' })
    await expect(libraries.replace('x.jar', file)).rejects.toMatchObject({
      code: 'LIBRARY_NOT_FOUND',
    })
    await expect(libraries.add(join(folder, 'no.jar'))).rejects.toMatchObject({
      code: 'LIBRARY_NOT_FOUND',
    })
    expect(libraries.current).toEqual(before)
    await expect(libraries.add(join(folder, 'v.mjs'))).resolves.toEqual(before)
  })

  it('cannot change if a fetcher fetches them, nor after the end', async () => {
    const fetching = start([await versionModule('v.mjs', '1')], { delivery: 'fetcher' })
    await expect(fetching.libraries.remove('v.mjs')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('delivery'),
    })
    const stopped = start([join(folder, 'v.mjs')])
    await stopped.start()
    await stopped.stop()
    await expect(stopped.libraries.remove('v.mjs')).rejects.toMatchObject({
      code: 'FRAMEWORK_STOPPED',
    })
  })

  it('are the same after a restart, with blobs of the journal’s folder', async () => {
    const journal = join(folder, 'journal')
    const first = start([await versionModule('v.mjs', '1')], { journal })
    await first.start()
    await first.libraries.add(await versionModule('w.mjs', 'w'))
    const set = await first.libraries.add(await versionModule('x.mjs', 'x'))
    await first.stop({ detach: true })
    for (const name of ['w.mjs', 'x.mjs']) await rm(join(folder, name))
    const second = start([join(folder, 'v.mjs')], { journal })
    await second.start()
    expect(second.libraries.current).toEqual(set)
    expect(await second.run(js('w.mjs'))).toBe('w')
    const types = [...readJournal(journal).records].flatMap((record) =>
      'event' in record ? (record.event?.type ?? []) : [],
    )
    expect(types.filter((type) => /^librar(y|ies)\./.test(type))).toEqual([
      'libraries.staged',
      'library.added',
      'library.added',
      'libraries.staged',
    ])
    const digests = set.libraries.map(({ sha256 }) => sha256)
    const kept = (await readdir(join(journal, 'libraries'))).filter((name) => name.length === 64)
    expect(kept).toEqual(expect.arrayContaining(digests))
    // The program of the executor is the only other.
    expect(kept).toHaveLength(digests.length + 1)
    await second.stop({ detach: true })
    await rm(join(journal, 'libraries', digests[1] ?? ''))
    const third = start([join(folder, 'v.mjs')], { journal })
    await expect(third.start().then(() => third.run(js('v.mjs')))).rejects.toMatchObject({
      code: 'LIBRARY_UNREADABLE',
      message: expect.stringContaining('w.mjs'),
    })
  })
})

/** The folder of a package that says its version and that of what it requires. */
async function packageFolder(name: string, version: string, code: string): Promise<string> {
  const place = join(folder, `${name}-${version}`)
  await mkdir(place, { recursive: true })
  await writeFile(join(place, 'package.json'), JSON.stringify({ name, version, main: 'index.cjs' }))
  await writeFile(join(place, 'index.cjs'), code)
  return place
}

describe('npm packages of two sets', () => {
  it('stand side by side, each version under plain import and require', async () => {
    const module = join(folder, 'tell.mjs')
    await writeFile(
      module,
      `import { createRequire } from 'node:module'
import { existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import dep from 'dep'
export async function tell(gate) {
  while (gate && !existsSync(gate)) await setTimeout(20)
  return [dep.version, (await import('user')).default.seen, createRequire(import.meta.url)('user').seen]
}
`,
    )
    const user = await packageFolder('user', '1.0.0', `exports.seen = require('dep').version`)
    const old = await packageFolder('dep', '1.0.0', `exports.version = '1.0.0'`)
    const young = await packageFolder('dep', '2.0.0', `exports.version = '2.0.0'`)
    const framework = start([module, user, old])
    const gate = join(folder, 'gate')
    const running = once(framework, 'task.updated')
    const before = framework.run(js('tell.mjs', 'tell', gate))
    await running
    await framework.libraries.replace('dep-1.0.0.tgz', young)
    expect(await framework.run(js('tell.mjs', 'tell'))).toEqual(['2.0.0', '2.0.0', '2.0.0'])
    expect(existsSync(gate)).toBe(false)
    await writeFile(gate, '')
    expect(await before).toEqual(['1.0.0', '1.0.0', '1.0.0'])
  })
})
