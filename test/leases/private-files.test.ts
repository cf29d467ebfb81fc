import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFileCache } from '../../src/coordinates/http/file-cache.ts'
import { exportJournal } from '../../src/journal/maintenance/export-journal.ts'
import { openFileJournal } from '../../src/journal/writer/file-journal.ts'
import { makeFolders, makePrivate, makePrivateFolder } from '../../src/leases/private-files.ts'
import { createLibraryStore } from '../../src/server/libraries/library-store.ts'

let root: string
let umask: number

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'jarcast-private-'))
  umask = process.umask(0)
})

afterEach(() => {
  process.umask(umask)
  rmSync(root, { recursive: true })
})

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8)
}

const header = { machine: 'test', version: '1', fingerprint: 'f', package: 'test@1', input: {} }

describe('makePrivate', () => {
  it('removes the rights of others from files and folders', () => {
    const file = join(root, 'file')
    writeFileSync(file, '', { mode: 0o664 })
    makePrivate(file)
    expect(modeOf(file)).toBe('600')
  })

  it('does not follow links', () => {
    const file = join(root, 'file')
    writeFileSync(file, '', { mode: 0o664 })
    symlinkSync(file, join(root, 'link'))
    makePrivate(join(root, 'link'))
    expect(modeOf(file)).toBe('664')
  })

  it('ignores missing paths', () => {
    makePrivate(join(root, 'nothing'))
  })
})

describe('makePrivateFolder', () => {
  it('makes folders for this user alone under any umask', () => {
    makePrivateFolder(join(root, 'a/b'))
    expect([modeOf(join(root, 'a')), modeOf(join(root, 'a/b'))]).toEqual(['700', '700'])
  })

  it('makes an existing folder private', () => {
    mkdirSync(join(root, 'a'), { mode: 0o755 })
    makePrivateFolder(join(root, 'a'))
    expect(modeOf(join(root, 'a'))).toBe('700')
  })
})

describe('makeFolders', () => {
  it('returns the topmost new folder, or undefined', () => {
    expect(makeFolders(join(root, 'a/b/c'))).toBe(join(root, 'a'))
    expect(makeFolders(join(root, 'a/b/d'))).toBe(join(root, 'a/b/d'))
    expect(makeFolders(join(root, 'a/b'))).toBeUndefined()
  })

  it('refuses a file in its place', () => {
    writeFileSync(join(root, 'file'), '')
    expect(() => makeFolders(join(root, 'file'))).toThrow('EEXIST')
    expect(() => makeFolders(join(root, 'file/below'))).toThrow('ENOTDIR')
  })

  it.skipIf(process.platform !== 'linux')('returns where nothing can be made', async () => {
    expect(() => makeFolders('/proc/a/b')).toThrow('ENOENT')
    await expect(openFileJournal('/proc/a/b', { header })).rejects.toMatchObject({
      code: 'JOURNAL_UNWRITABLE',
    })
    await expect(createLibraryStore('/proc/a/b')).rejects.toThrow('ENOENT')
  })
})

describe('what is kept on disk', () => {
  it('is a journal that only its owner can read', async () => {
    const folder = join(root, 'run')
    const journal = await openFileJournal(folder, { header })
    const now = journal.startedAt + 1
    await journal.append([{ seq: 1, now, event: { type: 'x' } }])
    await journal.writeSnapshot({ seq: 1, fingerprint: 'f', state: {} })
    const modes = readdirSync(folder).map((name) => modeOf(join(folder, name)))
    await journal.close()
    await exportJournal(folder, join(root, 'export'))
    expect(modeOf(folder)).toBe('700')
    expect(modes.length).toBe(3)
    expect(new Set([...modes, modeOf(join(root, 'export'))])).toEqual(new Set(['600']))
  })

  it('keeps the rights of a folder that was there, but not of a journal', async () => {
    const folder = join(root, 'run')
    mkdirSync(folder, { mode: 0o755 })
    const first = await openFileJournal(folder, { header })
    await first.close()
    const file = join(folder, 'journal-0000000000000001.ndjson')
    chmodSync(file, 0o644)
    const again = await openFileJournal(folder, { header })
    await again.close()
    expect([modeOf(folder), modeOf(file)]).toEqual(['755', '600'])
  })

  it('is libraries and packages that only their owner can read', async () => {
    const store = join(root, 'libraries')
    mkdirSync(store, { mode: 0o755 })
    await createLibraryStore(store)
    const cache = join(root, 'maven')
    mkdirSync(cache, { mode: 0o755 })
    const files = createFileCache(cache)
    await files.put('central', 'a/b.jar', async (path) => writeFileSync(path, ''))
    const paths = [store, cache, join(cache, 'central/a')]
    expect(paths.map(modeOf)).toEqual(['700', '700', '700'])
    expect(modeOf(files.pathOf('central', 'a/b.jar'))).toBe('600')
  })
})
