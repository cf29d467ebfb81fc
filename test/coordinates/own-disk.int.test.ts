/** Errors of this machine's disk: registries are not blamed, and requests are not retried. */
import { execFileSync } from 'node:child_process'
import { chmod, mkdir, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFileCache } from '../../src/coordinates/http/file-cache.ts'
import { resolvePackages } from '../../src/coordinates/resolve-packages.ts'
import { startMavenSite } from './maven-site.ts'
import type { MavenSite } from './maven-site.ts'
import { startNpmSite } from './npm-site.ts'
import type { NpmSite } from './npm-site.ts'
import { resolveFrom } from './resolve-from.ts'

const isRoot = process.getuid?.() === 0
const nobody = 65_534

let maven: MavenSite
let npm: NpmSite
let cacheFolder: string
let mounted: string | undefined

beforeEach(async () => {
  maven = await startMavenSite()
  npm = await startNpmSite()
  maven.add('g:lib:1', '', 'j'.repeat(600_000))
  await npm.add('tool@1.0.0')
  cacheFolder = join(maven.folder, 'cache')
})

afterEach(async () => {
  process.seteuid?.(process.getuid?.() ?? 0)
  if (mounted !== undefined) execFileSync('umount', [mounted])
  mounted = undefined
  await maven.close()
  await npm.close()
})

const resolveMaven = (): Promise<unknown> => resolveFrom(maven, ['maven:g:lib:1'], { cacheFolder })
const resolveNpm = (): Promise<unknown> =>
  resolvePackages({ packages: ['npm:tool@1.0.0'] }, { cacheFolder })

async function makeFull(): Promise<boolean> {
  await mkdir(cacheFolder, { mode: 0o700 })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'jarcast-test', cacheFolder], {
      stdio: 'pipe',
    })
  } catch {
    return false
  }
  mounted = cacheFolder
  return true
}

describe('a cache of packages', () => {
  it.each([
    ['Maven', resolveMaven],
    ['npm', resolveNpm],
  ])('that is not a folder is named in errors, for packages of %s', async (_, resolve) => {
    await writeFile(cacheFolder, '')
    await expect(resolve()).rejects.toMatchObject({
      code: 'FILE_UNUSABLE',
      retryable: false,
      message: expect.stringContaining(cacheFolder),
    })
  })

  it.each([
    ['Maven', resolveMaven],
    ['npm', resolveNpm],
  ])('that is unreadable does not count as empty, for packages of %s', async (_, resolve) => {
    // The other user must be able to read the settings.
    if (isRoot) await chmod(maven.folder, 0o755)
    await mkdir(cacheFolder, { mode: 0 })
    if (isRoot) {
      await writeFile(join(maven.folder, 'settings.xml'), '')
      await chmod(join(maven.folder, 'settings.xml'), 0o666)
      await chmod(npm.folder, 0o777)
      process.seteuid?.(nobody)
    }
    await expect(resolve()).rejects.toMatchObject({
      code: 'FILE_UNUSABLE',
      details: { errno: 'EACCES' },
      message: expect.stringContaining(cacheFolder),
    })
    expect(maven.requests.length).toBeLessThanOrEqual(1)
  })

  it.skipIf(!isRoot)('on a full disk causes DISK_FULL after one request', async ({ skip }) => {
    if (!(await makeFull())) skip()
    await expect(resolveMaven()).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(maven.requests.filter((path) => path.endsWith('.jar'))).toHaveLength(1)
  })

  it('counts a file with a time in the future as old', async () => {
    const cache = createFileCache(cacheFolder)
    await cache.put('r', 'list', (temporary) => writeFile(temporary, 'x'))
    const later = new Date('2090-01-01')
    await utimes(cache.pathOf('r', 'list'), later, later)
    expect(await cache.has('r', 'list', 1000)).toBe(false)
    expect(await cache.has('r', 'list')).toBe(true)
    expect((await stat(cache.pathOf('r', 'list'))).mode & 0o077).toBe(0)
  })
})
