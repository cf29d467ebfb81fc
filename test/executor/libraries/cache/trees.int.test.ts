import { createHash } from 'node:crypto'
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openHostCache } from '../../../../src/executor/libraries/cache/host-cache.ts'
import type { HostCache } from '../../../../src/executor/libraries/cache/host-cache.ts'
import type { TreeSource } from '../../../../src/executor/libraries/cache/trees.ts'
import { createPrograms } from '../../../support/program.ts'
import type { Programs } from '../../../support/program.ts'

const { signal } = new AbortController()
const sha256 = createHash('sha256').update('packed').digest('hex')

let folder: string
let cacheFolder: string
let programs: Programs
let unpacked: number

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trees-'))
  cacheFolder = join(folder, 'cache')
  programs = await createPrograms()
  unpacked = 0
})
afterEach(async () => {
  await programs.close()
  await rm(folder, { recursive: true })
})

const openCache = (maxMb?: string): Promise<HostCache> =>
  openHostCache({ folder: cacheFolder, privateFolder: join(folder, 'private'), maxMb })
const treesFolder = (): string => join(cacheFolder, 'trees')
const place = (cache: HostCache, target: string, source: Partial<TreeSource> = {}): Promise<void> =>
  cache.trees.place({ sha256, kind: 'npm', unpack, ...source }, join(folder, target), signal)

async function unpack(target: string): Promise<void> {
  unpacked += 1
  await mkdir(join(target, 'lib/deep'), { recursive: true })
  await writeFile(join(target, 'lib/deep/run.sh'), '#!/bin/sh', { mode: 0o555 })
  await writeFile(join(target, 'index.js'), 'module.exports = 1', { mode: 0o444 })
  await symlink('lib/deep', join(target, 'link'))
}

describe('a tree of the host cache', () => {
  it('is what was unpacked, files linked, folders and links made anew', async () => {
    const cache = await openCache()
    await place(cache, 'a')
    await place(cache, 'b')
    expect(unpacked).toBe(1)
    const paths = ['index.js', 'lib/deep/run.sh']
    for (const path of paths) {
      const [a, b] = await Promise.all(['a', 'b'].map((name) => stat(join(folder, name, path))))
      expect(a?.ino).toBe(b?.ino)
    }
    expect((await stat(join(folder, 'b/lib/deep/run.sh'))).mode & 0o777).toBe(0o555)
    expect((await lstat(join(folder, 'b/link'))).isSymbolicLink()).toBe(true)
    expect(await readFile(join(folder, 'b/link/run.sh'), 'utf8')).toBe('#!/bin/sh')
    // A task may add files to its own folder.
    await writeFile(join(folder, 'b/lib/own'), '')
    expect(await readdir(join(folder, 'a/lib'))).toEqual(['deep'])
  })

  it('is unpacked once for eight processes', async () => {
    const program = await programs.bundle(`
      import { mkdir, writeFile } from 'node:fs/promises'
      import { join } from 'node:path'
      import { setTimeout as sleep } from 'node:timers/promises'
      import { openHostCache } from './executor/libraries/cache/host-cache.ts'
      const [folder, own] = process.argv.slice(2)
      await mkdir(own)
      const cache = await openHostCache({ folder, privateFolder: join(own, 'private') })
      let isMine = false
      const unpack = async (target) => {
        isMine = true
        for (let file = 0; file < 200; file += 1) await writeFile(join(target, file + '.js'), 'x')
        await sleep(100)
      }
      const { signal } = new AbortController()
      await cache.trees.place({ sha256: '${sha256}', kind: 'npm', unpack }, join(own, 'tree'), signal)
      console.log(isMine)
      setInterval(() => {}, 1000)`)
    const own = (index: number): string => join(folder, `sandbox-${index}`)
    const all = Array.from({ length: 8 }, (_, index) =>
      programs.start(program, [cacheFolder, own(index)]),
    )
    const answers = await Promise.all(all.map((started) => started.read()))
    expect(answers.filter((answer) => answer === 'true')).toHaveLength(1)
    expect(answers.filter((answer) => answer === 'false')).toHaveLength(7)
    const inodes = await Promise.all(all.map((_, at) => stat(join(own(at), 'tree/199.js'))))
    expect(new Set(inodes.map(({ ino }) => ino)).size).toBe(1)
  })

  it('is taken over from a process that was killed while it unpacked', async () => {
    const program = await programs.bundle(`
      import { join } from 'node:path'
      import { openHostCache } from './executor/libraries/cache/host-cache.ts'
      const [folder, own] = process.argv.slice(2)
      const cache = await openHostCache({ folder, privateFolder: join(own, 'private') })
      const unpack = () => new Promise(() => console.log('unpacking'))
      setInterval(() => {}, 1000)
      const { signal } = new AbortController()
      await cache.trees.place({ sha256: '${sha256}', kind: 'npm', unpack }, join(own, 'tree'), signal)`)
    const started = programs.start(program, [cacheFolder, folder])
    expect(await started.read()).toBe('unpacking')
    await started.kill()
    await place(await openCache(), 'a')
    expect(unpacked).toBe(1)
    expect(await readdir(treesFolder())).toEqual([`${sha256}.npm`])
  })

  it('is found by the next process', async () => {
    const first = await openCache()
    await place(first, 'a')
    await first.close()
    await place(await openCache(), 'b')
    expect(unpacked).toBe(1)
  })

  it.each([
    [
      'a file that was written to',
      async (path: string) => {
        await chmod(path, 0o600)
        await writeFile(path, 'module.exports = 2')
      },
    ],
    ['a file that is gone', (path: string) => rm(path)],
    [
      'a list that is no JSON',
      () => writeFile(join(treesFolder(), `${sha256}.npm/index.json`), '{'),
    ],
    [
      'one of before the host last started',
      async () => {
        const list = join(treesFolder(), `${sha256}.npm/index.json`)
        const index = JSON.parse(await readFile(list, 'utf8')) as object
        await writeFile(list, JSON.stringify({ ...index, boot: 'earlier' }))
      },
    ],
  ])('is unpacked again for %s', async (_, harm) => {
    const cache = await openCache()
    await place(cache, 'a')
    await harm(join(treesFolder(), `${sha256}.npm/content/index.js`))
    await place(cache, 'b')
    expect(unpacked).toBe(2)
    expect(await readFile(join(folder, 'b/index.js'), 'utf8')).toBe('module.exports = 1')
    await place(cache, 'c')
    expect(unpacked).toBe(2)
  })

  it('leaves nothing when it cannot be unpacked, and is tried again', async () => {
    const cache = await openCache()
    const broken = async (target: string): Promise<void> => {
      await writeFile(join(target, 'half'), '')
      throw new Error('no archive')
    }
    await expect(place(cache, 'a', { unpack: broken })).rejects.toThrow('no archive')
    expect(await readdir(treesFolder())).toEqual([])
    await place(cache, 'b')
    expect(await readdir(join(folder, 'b'))).toEqual(['index.js', 'lib', 'link'])
  })

  it('stays as it is when a sandbox cannot be filled from it', async () => {
    const cache = await openCache()
    await place(cache, 'a')
    await expect(place(cache, 'a')).rejects.toMatchObject({ code: 'EEXIST' })
    expect(await readdir(join(folder, 'a'))).toEqual(['index.js', 'lib', 'link'])
    await place(cache, 'b')
    expect(unpacked).toBe(1)
  })

  it('is one of its own for each way to unpack', async () => {
    const cache = await openCache()
    await place(cache, 'a')
    await place(cache, 'b', { kind: 'archive' })
    expect(unpacked).toBe(2)
  })

  it('lets a waiting executor be cancelled', async () => {
    const [first, second] = [await openCache(), await openCache()]
    let finish: () => void = () => undefined
    const held = new Promise<void>((resolve) => (finish = resolve))
    let begin: () => void = () => undefined
    const begun = new Promise<void>((resolve) => (begin = resolve))
    const unpackSlowly = async (target: string): Promise<void> => {
      begin()
      await held
      await unpack(target)
    }
    const slow = place(first, 'a', { unpack: unpackSlowly })
    await begun
    const controller = new AbortController()
    const source: TreeSource = { sha256, kind: 'npm', unpack }
    const waiting = second.trees.place(source, join(folder, 'b'), controller.signal)
    controller.abort(new Error('not needed any more'))
    await expect(waiting).rejects.toThrow('not needed any more')
    finish()
    await slow
    expect(unpacked).toBe(1)
  })

  it('stays within the budget, and goes when it was used longest ago', async () => {
    const bytes = 400_000
    const unpackMuch = async (target: string): Promise<void> => {
      unpacked += 1
      await writeFile(join(target, 'much'), Buffer.alloc(bytes))
    }
    const placeMuch = (cache: HostCache, digit: string, target: string): Promise<void> =>
      place(cache, target, { sha256: digit.repeat(64), unpack: unpackMuch })
    const first = await openCache('1')
    await placeMuch(first, 'a', '1')
    await placeMuch(first, 'b', '2')
    await placeMuch(first, 'c', '3')
    // Two are in use, so that the third is its sandbox's alone.
    expect((await readdir(treesFolder())).map(([digit]) => digit)).toEqual(['a', 'b'])
    expect((await stat(join(folder, '3/much'))).nlink).toBe(1)
    await first.close()
    const second = await openCache('1')
    await placeMuch(second, 'a', '4')
    expect(unpacked).toBe(3)
    await placeMuch(second, 'c', '5')
    expect((await readdir(treesFolder())).map(([digit]) => digit)).toEqual(['a', 'c'])
    // What was linked stays with those who have it.
    expect((await stat(join(folder, '2/much'))).size).toBe(bytes)
  })
})
