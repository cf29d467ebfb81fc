import { createHash } from 'node:crypto'
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { create } from 'tar'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { LibraryKind } from '../../../../src/domain/libraries/library.ts'
import { openHostCache } from '../../../../src/executor/libraries/cache/host-cache.ts'
import type { HostCache } from '../../../../src/executor/libraries/cache/host-cache.ts'
import { installSet } from '../../../../src/executor/libraries/install/install-set.ts'
import type { InstallOptions } from '../../../../src/executor/libraries/install/install-set.ts'
import { writePathingJar } from '../../../../src/executor/tasks/jvm/pathing-jar.ts'
import type { SetEntry } from '../../../../src/machines/downloader/events.ts'
import { runProgram } from '../../../support/processes/run-program.ts'

const { signal } = new AbortController()

let folder: string
let cache: HostCache
let options: InstallOptions

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'install-set-'))
  cache = await openHostCache({
    folder: join(folder, 'cache'),
    privateFolder: join(folder, 'private'),
  })
  options = { cache, signal, refetch: () => Promise.reject(new Error('nothing to fetch from')) }
})
afterEach(() => rm(folder, { recursive: true }))

/** Makes a tarball of one folder, and puts it into the cache. */
async function packed(
  name: string,
  kind: LibraryKind,
  files: Readonly<Record<string, string>>,
): Promise<SetEntry> {
  const packing = join(folder, `packing-${name}`)
  await mkdir(join(packing, 'package'), { recursive: true })
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(packing, 'package', path)), { recursive: true })
    await writeFile(join(packing, 'package', path), text)
  }
  const path = cache.temporaryPath()
  await create({ gzip: true, cwd: packing, file: join(packing, 'packed.tgz') }, ['package'])
  await copyFile(join(packing, 'packed.tgz'), path)
  const bytes = await readFile(path)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await cache.publish(path, sha256)
  return { library: { name, kind, sha256, sizeBytes: bytes.length }, uri: '' }
}

const packageOf = (file: string, name: string, text: string): Promise<SetEntry> =>
  packed(file, 'npm', { 'package.json': JSON.stringify({ name }), 'index.js': text })

describe('installSet', () => {
  it('gives each sandbox its own files', async () => {
    const entries = [
      await packageOf('one.tgz', 'one', `module.exports = ['one', require('@s/two')]`),
      await packageOf('two.tgz', '@s/two', `module.exports = 'two'`),
      await packed('data.tgz', 'archive', { 'table.csv': '1,2' }),
    ]
    const sets = await Promise.all(
      ['a', 'b'].map((name) => installSet(join(folder, name), 'set', entries, options)),
    )
    const [first = '', second = ''] = sets.map((set) => set.folder)
    expect(createRequire(join(second, 'task.js'))('one')).toEqual(['one', 'two'])
    for (const path of [
      'node_modules/one/index.js',
      'node_modules/@s/two/index.js',
      'data.tgz/package/table.csv',
    ]) {
      const inodes = await Promise.all([first, second].map((set) => stat(join(set, path))))
      expect(new Set(inodes.map(({ ino }) => ino)).size).toBe(2)
      expect(inodes.map(({ nlink }) => nlink)).toEqual([1, 1])
    }
  })

  it('keeps other users out under any umask', async () => {
    const entries = [await packed('data.tgz', 'archive', { 'table.csv': '1,2' })]
    const umask = process.umask(0)
    onTestFinished(() => void process.umask(umask))
    const set = await installSet(join(folder, 'a'), 'set', entries, options)
    await writePathingJar(join(folder, 'a', '.jarcast', 'jvm'), [])
    for (const path of [dirname(set.folder), set.folder, join(folder, 'a', '.jarcast')])
      expect((await stat(path)).mode & 0o777).toBe(0o700)
  })

  it('puts packages at their places, under any name of their own', async () => {
    const { library, uri } = await packageOf('one.tgz', 'one', `module.exports = 'an alias'`)
    const entries = [
      { uri, library: { ...library, place: '@s/alias' } },
      { uri, library: { ...library, name: 'two.tgz' } },
    ]
    const { folder: set } = await installSet(folder, 'set', entries, options)
    const load = createRequire(join(set, 'task.js'))
    expect(['@s/alias', 'one'].map((name) => load(name) as string)).toEqual([
      'an alias',
      'an alias',
    ])
  })

  it('links programs from .bin as npm does, nested ones too', async () => {
    const script = '#!/usr/bin/env node\r\nconsole.log("ran")\n'
    const tools = {
      name: '@s/tools',
      bin: {
        tool: 'bin/tool.js',
        '../../evil': './bin/tool.js',
        gone: 'gone.js',
        out: '../../../x',
      },
    }
    const entries = [
      await packed('tools.tgz', 'npm', {
        'package.json': JSON.stringify(tools),
        'bin/tool.js': script,
        'node_modules/inner/package.json': '{"name":"inner","bin":"./cli.js"}',
        'node_modules/inner/cli.js': '#!/bin/sh\necho inner\n',
      }),
      await packed('later.tgz', 'npm', {
        'package.json': '{"name":"later","bin":{"tool":"tool.js","own":"own.sh"}}',
        'tool.js': '',
        'own.sh': '#!/bin/sh\necho own\n',
      }),
      await packed('old.tgz', 'npm', {
        'package.json': '{"name":"old","directories":{"bin":"bin"}}',
        'bin/aged': '#!/bin/sh\necho aged\n',
        'bin/.hidden': '',
      }),
    ]
    const { folder: set } = await installSet(folder, 'set', entries, options)
    const modules = join(set, 'node_modules')
    expect((await readdir(join(modules, '.bin'))).toSorted()).toEqual([
      'aged',
      'evil',
      'own',
      'tool',
    ])
    expect(await readlink(join(modules, '.bin/tool'))).toBe('../@s/tools/bin/tool.js')
    const inner = '@s/tools/node_modules/.bin/inner'
    expect(
      ['.bin/tool', '.bin/own', '.bin/aged', inner].map((path) =>
        runProgram(join(modules, path), []),
      ),
    ).toEqual(['ran\n', 'own\n', 'aged\n', 'inner\n'])
  })

  it('refuses two packages of one name', async () => {
    const entries = [
      await packageOf('one.tgz', 'one', 'module.exports = 1'),
      await packageOf('other.tgz', 'one', 'module.exports = 2'),
    ]
    await expect(installSet(folder, 'set', entries, options)).rejects.toMatchObject({
      code: 'LIBRARY_CORRUPT',
      message: expect.stringContaining('other.tgz: a second package named one'),
    })
  })
})
