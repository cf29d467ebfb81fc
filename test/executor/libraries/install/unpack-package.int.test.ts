import { lstat, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Header } from 'tar'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unpackPackage } from '../../../../src/executor/libraries/install/unpack-package.ts'

interface Entry {
  readonly path: string
  readonly content?: string
  readonly type?: 'File' | 'Link' | 'SymbolicLink' | 'CharacterDevice'
  readonly linkpath?: string
  readonly mode?: number
  /** A false size in the header. */
  readonly size?: number
}

let folder: string
/** Folder for unpacked packages. */
let target: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-npm-'))
  target = join(folder, 'target')
  await mkdir(target)
})

afterEach(() => rm(folder, { recursive: true }))

/** A tarball of exactly these entries, also invalid ones. */
async function pack(...entries: readonly Entry[]): Promise<string> {
  const blocks = entries.flatMap(({ content = '', type = 'File', ...entry }) => {
    const header = new Header({ mode: 0o644, size: content.length, ...entry, type })
    header.encode()
    const body = Buffer.alloc(Math.ceil(content.length / 512) * 512)
    body.write(content)
    return [header.block ?? Buffer.alloc(512), body]
  })
  const path = join(folder, 'package.tgz')
  await writeFile(path, gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)])))
  return path
}

const manifest = (name: string): Entry => ({
  path: 'package/package.json',
  content: JSON.stringify({ name }),
})

describe('unpackPackage', () => {
  it('makes the programs of the package executable, but no file outside', async () => {
    const outside = join(folder, 'outside.js')
    await writeFile(outside, '', { mode: 0o600 })
    const bin = { one: './bin/one.js', two: '../../outside.js', three: 'missing.js', four: 4 }
    const packed = await pack(
      { path: 'package/package.json', content: JSON.stringify({ name: 'tools', bin }) },
      { path: 'package/bin/one.js', content: '#!/usr/bin/env node' },
    )
    await unpackPackage(packed, target)
    const one = await lstat(join(target, 'bin/one.js'))
    expect(one.mode & 0o777).toBe(0o555)
    expect((await lstat(outside)).mode & 0o777).toBe(0o600)
  })

  it.each(['plain', '@scope/name'])('unpacks, and returns the name %s', async (name) => {
    const index: Entry = { path: 'package/lib/index.js', content: 'export {}' }
    expect(await unpackPackage(await pack(manifest(name), index), target)).toBe(name)
    expect(await readdir(target)).toEqual(['lib', 'package.json'])
  })

  it.each(['foo-1a2b3c', '.', './package'])('unpacks the folder %s', async (top) => {
    const tarball = await pack(
      { ...manifest('elsewhere'), path: `${top}/package.json` },
      { path: `${top}/lib/package.json`, content: '{}' },
    )
    expect(await unpackPackage(tarball, target)).toBe('elsewhere')
    expect(await readdir(target)).toEqual(['lib', 'package.json'])
  })

  it('keeps the later of two files at one path', async () => {
    const first: Entry = { path: 'package/index.js', content: 'first' }
    await unpackPackage(
      await pack(manifest('twice'), first, { ...first, content: 'second' }),
      target,
    )
    expect(await readFile(join(target, 'index.js'), 'utf8')).toBe('second')
  })

  it.each([
    ['a path out of its folder', { path: 'package/../../evil.js', content: 'x' }],
    ['an absolute path', { path: '/tmp/evil.js', content: 'x' }],
    ['more than', { path: 'package/bomb', size: 2 ** 40 }],
    ['too long', { path: `package/${'d/'.repeat(70)}x`, content: 'x' }],
  ] satisfies [string, Entry][])('refuses %s', async (why, entry) => {
    const tarball = await pack(manifest('evil'), entry)
    await expect(unpackPackage(tarball, target)).rejects.toMatchObject({
      code: 'LIBRARY_CORRUPT',
      message: expect.stringContaining(why),
    })
    expect(await readdir(target)).toEqual([])
  })

  it.each(['..', '../evil', '/evil', 'a/b', '', '@x/../y', '.bin'])(
    'refuses the package name %j',
    async (name) => {
      await expect(unpackPackage(await pack(manifest(name)), target)).rejects.toMatchObject({
        code: 'LIBRARY_CORRUPT',
      })
    },
  )

  it('leaves out links and devices', async () => {
    const tarball = await pack(
      manifest('links'),
      { path: 'package/out', type: 'SymbolicLink', linkpath: '/etc' },
      { path: 'package/out/evil', content: 'x' },
      { path: 'package/hard', type: 'Link', linkpath: 'package/package.json' },
      { path: 'package/tty', type: 'CharacterDevice' },
    )
    await unpackPackage(tarball, target)
    expect(await readdir(target)).toEqual(['out', 'package.json'])
    expect((await lstat(join(target, 'out'))).isDirectory()).toBe(true)
  })

  it('gives no user the rights of another', async () => {
    const tarball = await pack(manifest('modes'), {
      path: 'package/run',
      content: 'x',
      mode: 0o6777,
    })
    await unpackPackage(tarball, target)
    expect((await lstat(join(target, 'run'))).mode & 0o7777).toBe(0o555)
  })

  it('refuses other files and incomplete archives', async () => {
    const path = join(folder, 'package.tgz')
    await writeFile(path, 'not a tarball')
    await expect(unpackPackage(path, target)).rejects.toMatchObject({ code: 'LIBRARY_CORRUPT' })
    await writeFile(path, gzipSync(Buffer.alloc(100)).subarray(0, 12))
    await expect(unpackPackage(path, target)).rejects.toMatchObject({ code: 'LIBRARY_CORRUPT' })
  })
})
