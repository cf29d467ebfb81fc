import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create } from 'tar'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readTar } from '../../../../src/archive/read-tar.ts'
import { unpackArchive } from '../../../../src/archive/unpack-archive.ts'
import { digestOfTree, formatTree } from '../../../../src/domain/libraries/tree-list.ts'
import { openHostCache } from '../../../../src/executor/libraries/cache/host-cache.ts'
import type { HostCache } from '../../../../src/executor/libraries/cache/host-cache.ts'
import { copyBlob } from '../../../../src/executor/libraries/cache/take-blob.ts'
import { createTreeLister } from '../../../../src/server/libraries/list-tree.ts'

const sha256 = 'a'.repeat(64)
const room = () => Promise.resolve()
let folder: string
let archive: string
let tree: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-trees-'))
  const packing = join(folder, 'packing')
  await mkdir(join(packing, 'jre/bin'), { recursive: true })
  await mkdir(join(packing, 'jre/lib'))
  await writeFile(join(packing, 'jre/bin/java'), 'java', { mode: 0o755 })
  await writeFile(join(packing, 'jre/lib/modules'), 'modules')
  await symlink('../lib/modules', join(packing, 'jre/bin/link'))
  archive = join(folder, 'jre.tgz')
  await create({ gzip: true, cwd: packing, file: archive }, ['jre'])
  const lister = createTreeLister()
  await readTar(archive, {}, (entry) => lister.visit(entry))
  tree = lister.digest() ?? ''
})
afterEach(() => rm(folder, { recursive: true }))

function openCache(maxMb?: string): Promise<HostCache> {
  const privateFolder = join(folder, 'private')
  return openHostCache({ folder: join(folder, 'cache'), privateFolder, maxMb })
}

async function unpack(name: string): Promise<string> {
  await mkdir(join(folder, name))
  await unpackArchive(archive, join(folder, name))
  return join(folder, name)
}

/** What `find` would list, with modes and contents. */
async function contentsOf(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(root.length)
    if (entry.isSymbolicLink()) return `${name} -> ${await readlink(path)}`
    const mode = ((await stat(path)).mode & 0o777).toString(8)
    return `${name} ${mode} ${entry.isFile() ? await readFile(path, 'utf8') : ''}`
  })
  return (await Promise.all(lines)).toSorted()
}

const kept = () => readdir(join(folder, 'cache/trees'))

describe('the unpacked archives of a host', () => {
  it('give each sandbox what unpacking gives', async () => {
    const { trees } = await openCache()
    const unpacked = await unpack('unpacked')
    expect(await trees?.place({ sha256, tree }, join(folder, 'none'), room)).toBe(false)
    await trees?.keep({ sha256, tree }, unpacked)
    expect(await kept()).toEqual([`${sha256}.11`])
    const others = await openCache()
    const placed = join(folder, 'placed')
    expect(await others.trees?.place({ sha256, tree }, placed, room)).toBe(true)
    expect(await contentsOf(placed)).toEqual(await contentsOf(unpacked))
    expect((await stat(join(placed, 'jre/bin/java'))).nlink).toBe(1)
    expect(await readdir(join(folder, 'cache/tmp'))).toEqual([])
  })

  it('are kept once, whoever is first', async () => {
    const caches = await Promise.all([openCache(), openCache(), openCache()])
    const unpacked = await unpack('unpacked')
    await Promise.all(caches.map(async ({ trees }) => trees?.keep({ sha256, tree }, unpacked)))
    expect(await kept()).toEqual([`${sha256}.11`])
    expect(await readdir(join(folder, 'cache/tmp'))).toEqual([])
  })

  it('are not kept if a task has changed the sandbox meanwhile', async () => {
    const { trees } = await openCache()
    const unpacked = await unpack('unpacked')
    await writeFile(join(unpacked, 'jre/more'), '')
    await trees?.keep({ sha256, tree }, unpacked)
    expect(await kept()).toEqual([])
  })

  it.each([
    ['other bytes', 'files/jre/bin/java', 'evil'],
    ['another list', 'list', 'evil'],
  ])('are removed, and not used, with %s', async (_, file, text) => {
    const { trees } = await openCache()
    await trees?.keep({ sha256, tree }, await unpack('unpacked'))
    const changed = join(folder, 'cache/trees', `${sha256}.11`, file)
    await chmod(changed, 0o600)
    await writeFile(changed, text)
    const placed = join(folder, 'placed')
    expect(await trees?.place({ sha256, tree }, placed, room)).toBe(false)
    await expect(stat(placed)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await kept()).toEqual([])
  })

  it('get the room that their list says, and no larger files', async () => {
    const { trees } = await openCache()
    await trees?.keep({ sha256, tree }, await unpack('unpacked'))
    const renamed = join(folder, 'cache/trees', `${sha256}.4`)
    await rename(join(folder, 'cache/trees', `${sha256}.11`), renamed)
    const asked: number[] = []
    const placed = await trees?.place({ sha256, tree }, join(folder, 'placed'), (sizeBytes) => {
      asked.push(sizeBytes)
      return Promise.resolve()
    })
    expect({ placed, asked }).toEqual({ placed: true, asked: [11] })

    const program = join(renamed, 'files/jre/bin/java')
    const target = join(folder, 'copied')
    expect(await copyBlob(program, target, digestOf('java'), 3)).toBe(false)
    expect(await copyBlob(program, target, digestOf('java'), 4)).toBe(true)
  })

  it('are removed, and not waited for, with a pipe in place of the list', async () => {
    const { trees } = await openCache()
    await trees?.keep({ sha256, tree }, await unpack('unpacked'))
    const list = join(folder, 'cache/trees', `${sha256}.11`, 'list')
    await rm(list)
    execFileSync('/bin/sh', ['-c', 'mkfifo "$1"', 'sh', list])
    expect(await trees?.place({ sha256, tree }, join(folder, 'placed'), room)).toBe(false)
    expect(await kept()).toEqual([])
  })

  it.each([
    ['a path', { path: '../../out', sha256: digestOf('java'), sizeBytes: 4, isExecutable: false }],
    ['a link', { path: 'out', target: '../../..' }],
  ])('never lead %s out of the sandbox', async (_, entry) => {
    const { trees } = await openCache()
    const list = formatTree([entry])
    const own = join(folder, 'cache/trees', `${sha256}.4`)
    await mkdir(join(own, 'files'), { recursive: true })
    await writeFile(join(own, 'list'), list)
    await writeFile(join(folder, 'cache/out'), 'java')
    const placed = join(folder, 'a/b/placed')
    const packed = { sha256, tree: digestOfTree(list) }
    expect(await trees?.place(packed, placed, room)).toBe(false)
    await expect(stat(join(folder, 'a/out'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('count for the budget, and leave the cache when others need it', async () => {
    const large = join(folder, 'large')
    await mkdir(large)
    await writeFile(join(large, 'file'), Buffer.alloc(600_000))
    const { trees } = await openCache('1')
    const digest = digestOf(Buffer.alloc(600_000))
    const file = { path: 'file', sha256: digest, sizeBytes: 600_000, isExecutable: false }
    const packed = { sha256, tree: digestOfTree(formatTree([file])) }
    await chmod(join(large, 'file'), 0o444)
    await trees?.keep(packed, large)
    expect(await kept()).toEqual([`${sha256}.600000`])
    await trees?.keep({ ...packed, sha256: 'b'.repeat(64) }, large)
    expect(await kept()).toEqual([`${'b'.repeat(64)}.600000`])
  })

  it('are not listed if a name is not plain ASCII', () => {
    const lister = createTreeLister()
    const entry = { kind: 'symbolic link', mode: 0, sizeBytes: 0, target: 'a' } as const
    lister.visit({ ...entry, path: 'häuser' })
    expect(lister.digest()).toBeUndefined()
  })
})

function digestOf(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
