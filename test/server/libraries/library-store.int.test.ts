import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { list } from 'tar'
import { describe, expect, it } from 'vitest'
import { checkLibraries } from '../../../src/server/libraries/library-check.ts'
import type { StagingProgress } from '../../../src/server/libraries/stage-library.ts'
import { createLibraryStore } from '../../../src/server/libraries/library-store.ts'
import { openStore, temporaryFolder } from '../support.ts'

const run = promisify(execFile)
const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex')
const refusal = (code: string, ...parts: readonly string[]) =>
  expect.objectContaining({
    code,
    message: expect.stringMatching(new RegExp(parts.map((part) => `(?=.*${part})`).join(''))),
  })

async function npmFolder(): Promise<string> {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'lib'))
  await mkdir(join(folder, 'lib/node_modules/dep'), { recursive: true })
  await writeFile(join(folder, 'package.json'), '{"name":"@scope/pack","version":"1.2.3-rc.1"}')
  await writeFile(join(folder, 'lib/b.js'), 'export const b = 1')
  await writeFile(join(folder, '@a.js'), 'export const a = 1', { mode: 0o600 })
  await writeFile(join(folder, 'run.sh'), 'true', { mode: 0o700 })
  await writeFile(join(folder, '.npmrc'), '_authToken=secret')
  await writeFile(join(folder, 'lib/node_modules/dep/index.js'), '')
  await symlink('/etc/passwd', join(folder, 'lib/passwd'))
  return folder
}

describe('checkLibraries', () => {
  it('detects kinds by name and content', async () => {
    const folder = await temporaryFolder()
    const names = ['a.jar', 'B.JAR', 'c.txt', 'no-package.tgz', 'broken.tgz', 'empty.tgz']
    for (const name of names) await writeFile(join(folder, name), name)
    await writeFile(join(folder, 'empty.tgz'), '')
    await run('tar', ['-czf', 'no-package.tgz', 'c.txt'], { cwd: folder })
    await mkdir(join(folder, 'package'))
    await writeFile(join(folder, 'package/package.json'), '{}')
    await run('tar', ['-czf', 'real.tgz', 'c.txt', 'package'], { cwd: folder })
    await mkdir(join(folder, 'repository-1a2b3c'))
    await writeFile(join(folder, 'repository-1a2b3c/package.json'), '{"name":"other"}')
    const others = ['other.tgz', 'other.tar.gz', 'dots.tgz', 'app.tgz']
    for (const name of others.slice(0, 2))
      await run('tar', ['-czf', name, 'c.txt', 'repository-1a2b3c'], { cwd: folder })
    await run('tar', ['-czf', 'dots.tgz', './repository-1a2b3c'], { cwd: folder })
    await mkdir(join(folder, 'app'))
    await writeFile(join(folder, 'app/package.json'), '{"private":true}')
    await run('tar', ['-czf', 'app.tgz', 'app'], { cwd: folder })
    const all = [...names, 'real.tgz', ...others]
    const checked = await checkLibraries(all.map((name) => join(folder, name)))
    expect(checked.map(({ name, kind }) => [name, kind])).toEqual([
      ['a.jar', 'jar'],
      ['B.JAR', 'jar'],
      ['c.txt', 'file'],
      ['no-package.tgz', 'file'],
      ['broken.tgz', 'file'],
      ['empty.tgz', 'file'],
      ['real.tgz', 'npm'],
      ['other.tgz', 'npm'],
      ['other.tar.gz', 'npm'],
      ['dots.tgz', 'npm'],
      ['app.tgz', 'file'],
    ])
  })

  it('uses the name and kind of the caller', async () => {
    const path = join(await temporaryFolder(), 'driver.bin')
    await writeFile(path, 'x')
    const [checked] = await checkLibraries([{ path, name: 'driver.jar', kind: 'file' }])
    expect(checked).toEqual({ path, name: 'driver.jar', kind: 'file', isFolder: false })
  })

  it('refuses missing files', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'a.jar'), 'x')
    for (const name of ['missing.jar', 'a.jar/b.jar', 'a.jar\0', `${'x'.repeat(300)}.jar`]) {
      const path = join(folder, name)
      await expect(checkLibraries([path])).rejects.toEqual(
        expect.objectContaining({ code: 'LIBRARY_NOT_FOUND', details: { path } }),
      )
    }
    await expect(checkLibraries([''])).rejects.toThrow(
      refusal('LIBRARY_NOT_FOUND', 'check the path'),
    )
  })

  it('refuses folders that are no npm package', async () => {
    const folder = await temporaryFolder()
    const give = 'give a jar, a file, or the folder of an npm package'
    await expect(checkLibraries([folder])).rejects.toThrow(
      refusal('LIBRARY_NOT_A_FILE', folder, give),
    )
    for (const text of ['{"name":"a"}', '{"name":"../a","version":"1.0.0"}', '[]', '{"name":']) {
      await writeFile(join(folder, 'package.json'), text)
      await expect(checkLibraries([folder])).rejects.toThrow(refusal('LIBRARY_NOT_A_FILE', folder))
    }
  })

  it('refuses pipes without waiting for a writer', async () => {
    const pipe = join(await temporaryFolder(), 'a.jar')
    await run('mkfifo', [pipe])
    await expect(checkLibraries([pipe])).rejects.toThrow(
      refusal('LIBRARY_NOT_A_FILE', pipe, 'pipe'),
    )
  })

  it.skipIf(process.platform !== 'linux')('refuses a file that cannot be read', async () => {
    // Page 0 of this process: a regular file that even root cannot read.
    await expect(checkLibraries(['/proc/self/mem'])).rejects.toThrow(
      refusal('LIBRARY_UNREADABLE', '/proc/self/mem', 'EIO', 'let this user read it'),
    )
  })

  it('refuses equal names, and invalid ones', async () => {
    const path = join(await temporaryFolder(), 'a.jar')
    await writeFile(path, 'x')
    await expect(checkLibraries([path, path])).rejects.toThrow(refusal('CONFIG_INVALID', 'a.jar'))
    for (const name of ['', '..', 'a/b', 'a\nb', '\ud800.jar']) {
      await expect(checkLibraries([{ path, name }])).rejects.toThrow(refusal('CONFIG_INVALID'))
    }
  })
})

describe('createLibraryStore', () => {
  it('stages libraries in order under their digests', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'b.jar'), 'bytes of b')
    await writeFile(join(folder, 'a.txt'), '')
    const store = await openStore()
    const { set, blobs } = await store.stage([join(folder, 'b.jar'), join(folder, 'a.txt')])
    expect(set.libraries).toEqual([
      { name: 'b.jar', sha256: sha256('bytes of b'), sizeBytes: 10, kind: 'jar' },
      { name: 'a.txt', sha256: sha256(''), sizeBytes: 0, kind: 'file' },
    ])
    expect(blobs.map(({ path }) => path)).toEqual([
      join(store.folder, sha256('bytes of b')),
      join(store.folder, sha256('')),
    ])
    expect((await stat(blobs[0]?.path ?? '')).mode & 0o777).toBe(0o400)
  })

  it('stores the same bytes under two names once', async () => {
    const folder = await temporaryFolder()
    for (const name of ['a.jar', 'b.jar']) await writeFile(join(folder, name), 'same')
    const store = await openStore()
    const { blobs } = await store.stage([join(folder, 'a.jar'), join(folder, 'b.jar')])
    expect(blobs[0]?.path).toBe(blobs[1]?.path)
    expect(await readdir(store.folder)).toEqual([sha256('same')])
  })

  it('keeps the staged bytes when the library is overwritten in place', async () => {
    const path = join(await temporaryFolder(), 'a.jar')
    await writeFile(path, 'old bytes')
    const { ino } = await stat(path)
    const store = await openStore()
    const { blobs } = await store.stage([path])
    await writeFile(path, 'NEW BYTES, longer')
    expect((await stat(path)).ino).toBe(ino)
    expect(await readFile(blobs[0]?.path ?? '', 'utf8')).toBe('old bytes')
  })

  it('copies nothing when one of the libraries is bad', async () => {
    const path = join(await temporaryFolder(), 'a.jar')
    await writeFile(path, 'x')
    const store = await openStore()
    await expect(store.stage([path, `${path}.missing`])).rejects.toThrow(
      refusal('LIBRARY_NOT_FOUND'),
    )
    expect(await readdir(store.folder)).toEqual([])
  })

  it('reports progress up to all bytes of each library', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'a.jar'), Buffer.alloc(2_500_000, 7))
    await writeFile(join(folder, 'empty.txt'), '')
    const seen: StagingProgress[] = []
    const store = await openStore()
    await store.stage([join(folder, 'a.jar'), join(folder, 'empty.txt')], {
      onProgress: (progress) => seen.push(progress),
    })
    expect(seen.map(({ stagedBytes }) => stagedBytes)).toEqual([1_048_576, 2_097_152, 2_500_000, 0])
    expect(seen.at(-1)).toEqual({ name: 'empty.txt', stagedBytes: 0, sizeBytes: 0 })
  })

  it('stops at once when aborted and leaves nothing half copied', async () => {
    const path = join(await temporaryFolder(), 'a.jar')
    await writeFile(path, Buffer.alloc(5_000_000))
    const store = await openStore()
    const stop = new AbortController()
    const staging = store.stage([path], { signal: stop.signal, onProgress: () => stop.abort() })
    await expect(staging).rejects.toHaveProperty('name', 'AbortError')
    expect(await readdir(store.folder)).toEqual([])
  })

  it('packs an npm folder into the same bytes every time', async () => {
    const folder = await npmFolder()
    const other = await npmFolder()
    await utimes(join(other, 'lib/b.js'), 1, 1)
    const store = await openStore()
    const [one, two] = [await store.stage([folder]), await store.stage([other])]
    expect(one.set).toEqual(two.set)
    expect(one.set.libraries[0]).toMatchObject({ name: 'scope-pack-1.2.3-rc.1.tgz', kind: 'npm' })
    const entries: [string, number | undefined][] = []
    await list({
      file: one.blobs[0]?.path ?? '',
      onReadEntry: ({ path, mode }) => entries.push([path, mode]),
    })
    expect(entries).toEqual([
      ['package/@a.js', 0o644],
      ['package/lib/b.js', 0o644],
      ['package/lib/node_modules/dep/index.js', 0o644],
      ['package/package.json', 0o644],
      ['package/run.sh', 0o755],
    ])
  })

  it('packs a real package so that npm accepts it', async () => {
    const require = createRequire(import.meta.url)
    const folder = dirname(require.resolve('picocolors/package.json'))
    const store = await openStore()
    const { blobs, set } = await store.stage([folder])
    const again = { path: blobs[0]?.path ?? '', name: set.libraries[0]?.name ?? '' }
    expect(await checkLibraries([again])).toMatchObject([{ kind: 'npm' }])
  })

  it('keeps a folder that it was given and removes its own', async () => {
    const given = join(await temporaryFolder(), 'deep/store')
    await (await createLibraryStore(given)).remove()
    expect((await stat(given)).isDirectory()).toBe(true)
    const own = await createLibraryStore()
    await own.remove()
    await expect(stat(own.folder)).rejects.toHaveProperty('code', 'ENOENT')
  })

  it('blames its own folder when that cannot be written', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'a.jar'), 'x')
    await expect(createLibraryStore(join(folder, 'a.jar/store'))).rejects.toThrow(
      refusal('JAR_SERVER_FAILED', 'ENOTDIR'),
    )
  })

  it('stages a file that is no library', async () => {
    const path = join(await temporaryFolder(), 'executor.js')
    await writeFile(path, '1')
    const store = await openStore()
    const blob = await store.stageFile(path, { name: 'run.mjs' })
    expect(blob).toEqual({
      name: 'run.mjs',
      sha256: sha256('1'),
      sizeBytes: 1,
      path: join(store.folder, sha256('1')),
    })
  })
})
