import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dependencies, startMavenSite } from './maven-site.ts'
import type { MavenSite } from './maven-site.ts'
import { idsOf, resolveFrom } from './resolve-from.ts'

let site: MavenSite
let lockFile: string

beforeEach(async () => {
  site = await startMavenSite()
  lockFile = join(site.folder, 'jarcast.lock.json')
  site.add('g:a:1', dependencies('g:b:1'))
  site.add('g:b:1')
  site.add('g:c:1')
})
afterEach(async () => {
  await site.close()
})

/** With an empty cache. */
const elsewhere = (): { readonly cacheFolder: string } => ({
  cacheFolder: join(site.folder, 'elsewhere'),
})

describe('the lock file', () => {
  it('has the digest of every file, sorted, and is reproducible', async () => {
    const first = await resolveFrom(site, ['maven:g:a:1'], { lockFile })
    expect(first.isLockWritten).toBe(true)
    const text = await readFile(lockFile, 'utf8')
    expect(JSON.parse(text)).toEqual({
      formatVersion: 1,
      maven: {
        artifacts: {
          'g:a:1': {
            name: 'a-1.jar',
            version: '1',
            path: 'g/a/1/a-1.jar',
            sha256: createHash('sha256').update('jar of g:a:1').digest('hex'),
            sizeBytes: 12,
            scope: 'compile',
            isOnClassPath: true,
            dependencies: ['g:b:1'],
          },
          'g:b:1': expect.objectContaining({ dependencies: [] }),
        },
        classPath: ['g:a:1', 'g:b:1'],
        conflicts: [],
        request: {
          boms: [],
          exclusions: [],
          packages: ['maven:g:a:1'],
          platform: expect.objectContaining({ javaVersion: '17.0.0' }),
        },
        roots: ['g:a:1'],
      },
    })
    const second = await resolveFrom(site, ['maven:g:a:1'], {
      lockFile: `${lockFile}.2`,
      ...elsewhere(),
    })
    expect(second.isLockWritten).toBe(true)
    expect(await readFile(`${lockFile}.2`, 'utf8')).toBe(text)
  })

  it('fetches only libraries for a locked request', async () => {
    const first = await resolveFrom(site, ['maven:g:a:1'], { lockFile })
    site.requests.length = 0
    const second = await resolveFrom(site, ['maven:g:a:1'], { lockFile, ...elsewhere() })
    expect(site.requests.toSorted()).toEqual(['g/a/1/a-1.jar', 'g/b/1/b-1.jar'])
    expect(second.isLockWritten).toBe(false)
    expect(idsOf(second)).toEqual(idsOf(first))
  })

  it('sends no request when the cache is warm', async () => {
    await resolveFrom(site, ['maven:g:a:1'], { lockFile })
    site.requests.length = 0
    await resolveFrom(site, ['maven:g:a:1'], { lockFile })
    await resolveFrom(site, ['maven:g:a:1'])
    expect(site.requests).toEqual([])
  })

  it('refuses other bytes for a locked version', async () => {
    await resolveFrom(site, ['maven:g:a:1'], { lockFile })
    site.add('g:b:1', '', 'other bytes')
    const again = resolveFrom(site, ['maven:g:a:1'], { lockFile, ...elsewhere() })
    await expect(again).rejects.toMatchObject({
      code: 'PACKAGE_CORRUPT',
      message: expect.stringContaining('maven:g:b:1 has SHA-256'),
    })
    // Another request checks the locked digests too.
    const more = resolveFrom(site, ['maven:g:a:1', 'maven:g:c:1'], { lockFile, ...elsewhere() })
    await expect(more).rejects.toMatchObject({ code: 'PACKAGE_CORRUPT' })
  })

  it('keeps the locked release until an update', async () => {
    site.list('g:r', ['1'])
    site.add('g:r:1')
    expect(idsOf(await resolveFrom(site, ['maven:g:r'], { lockFile }))).toEqual(['g:r:1'])
    site.list('g:r', ['1', '2'])
    site.add('g:r:2')
    const more = ['maven:g:r', 'maven:g:c:1']
    const kept = await resolveFrom(site, more, { lockFile, ...elsewhere() })
    expect(idsOf(kept)).toEqual(['g:r:1', 'g:c:1'])
    const updated = await resolveFrom(site, more, { lockFile, isUpdate: true, ...elsewhere() })
    expect(idsOf(updated)).toEqual(['g:r:2', 'g:c:1'])
  })

  it('is not written when frozen, and must fit', async () => {
    const frozen = { lockFile, isFrozen: true }
    await expect(resolveFrom(site, ['maven:g:a:1'], frozen)).rejects.toMatchObject({
      code: 'PACKAGE_LOCK_OUTDATED',
      message: expect.stringContaining('is missing'),
    })
    await resolveFrom(site, ['maven:g:a:1'], { lockFile })
    expect(idsOf(await resolveFrom(site, ['maven:g:a:1'], frozen))).toEqual(['g:a:1', 'g:b:1'])
    for (const packages of [['maven:g:b:1'], ['maven:g:a:1', 'npm:left-pad@1.3.0']]) {
      await expect(resolveFrom(site, packages, frozen)).rejects.toMatchObject({
        code: 'PACKAGE_LOCK_OUTDATED',
      })
    }
    const exclusions = ['g:b']
    await expect(
      resolveFrom(site, { packages: ['maven:g:a:1'], exclusions }, frozen),
    ).rejects.toMatchObject({ code: 'PACKAGE_LOCK_OUTDATED' })
  })

  it('is refused with a reason when invalid', async () => {
    const whole = await resolveFrom(site, ['maven:g:a:1'], { lockFile })
    const artifact = whole.lock.maven?.artifacts['g:a:1']
    const changed = (more: object): unknown => ({
      ...whole.lock,
      maven: { ...whole.lock.maven, artifacts: { 'g:a:1': { ...artifact, ...more } } },
    })
    const wrong: readonly unknown[] = [
      '{"formatVersion":1',
      '[]',
      { formatVersion: 2 },
      { formatVersion: 1, maven: {} },
      { formatVersion: 1, npm: { request: {}, packages: { '../x': {} } } },
      changed({ name: '../a.jar' }),
      changed({ path: 'g/../../a.jar' }),
      changed({ sha256: 'x' }),
    ]
    for (const content of wrong) {
      await writeFile(lockFile, typeof content === 'string' ? content : JSON.stringify(content))
      await expect(resolveFrom(site, ['maven:g:a:1'], { lockFile })).rejects.toMatchObject({
        code: 'PACKAGE_LOCK_INVALID',
      })
    }
  })
})
