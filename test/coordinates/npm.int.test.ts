import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resolvePackages } from '../../src/coordinates/resolve-packages.ts'
import type { ResolveOptions } from '../../src/coordinates/packages.ts'
import type { ResolvedPackages } from '../../src/coordinates/resolve-packages.ts'
import { unpackPackage } from '../../src/executor/libraries/unpack-package.ts'
import { startNpmSite } from './npm-site.ts'
import type { NpmSite } from './npm-site.ts'

let site: NpmSite

beforeEach(async () => {
  site = await startNpmSite()
})
afterEach(async () => {
  await site.close()
})

async function resolve(
  packages: readonly string[],
  options: ResolveOptions = {},
): Promise<ResolvedPackages> {
  return await resolvePackages(
    { packages },
    { cacheFolder: join(site.folder, 'cache'), ...options },
  )
}

describe('npm packages', () => {
  it('bring what they need, in the newest version that fits', async () => {
    await site.add('a@1.0.0', { dependencies: { b: '^1.0.0' }, devDependencies: { dev: '1' } })
    for (const version of ['1.0.0', '1.2.0', '2.0.0']) await site.add(`b@${version}`)
    const { packages, lock } = await resolve(['npm:a'])
    expect(packages.map(({ id, name, kind }) => [id, name, kind])).toEqual([
      ['npm:a@1.0.0', 'a-1.0.0.tgz', 'npm'],
      ['npm:b@1.2.0', 'b-1.2.0.tgz', 'npm'],
    ])
    expect(lock.npm?.packages['node_modules/b']).toMatchObject({
      name: 'b',
      version: '1.2.0',
      integrity: expect.stringMatching(/^sha512-/),
      sha256: expect.stringMatching(/^[\da-f]{64}$/),
    })
  })

  it('keep another version of theirs inside, unpacked where they find it', async () => {
    await site.add('a@1.0.0', { dependencies: { b: '^1.0.0' } })
    for (const version of ['1.0.0', '2.0.0']) await site.add(`b@${version}`)
    const { packages, lock } = await resolve(['npm:a', 'npm:b@2'])
    expect(Object.keys(lock.npm?.packages ?? {})).toEqual([
      'node_modules/a',
      'node_modules/a/node_modules/b',
      'node_modules/b',
    ])
    const folder = join(site.folder, 'agent')
    for (const { file, id } of packages) {
      const target = join(folder, 'node_modules', id.slice('npm:'.length).split('@')[0] ?? '')
      await mkdir(target, { recursive: true })
      expect(await unpackPackage(file, target)).toBe(basename(target))
    }
    const requireFrom = (path: string): NodeJS.Require =>
      createRequire(join(folder, 'node_modules', path))
    expect(requireFrom('a/index.js')('b')).toBe('b@1.0.0')
    expect(requireFrom('x.js')('b')).toBe('b@2.0.0')
    // The packed pair is the same each time, wherever it is packed.
    const again = await resolve(['npm:a', 'npm:b@2'], {
      cacheFolder: join(site.folder, 'elsewhere'),
    })
    expect(again.packages.map(({ sha256 }) => sha256)).toEqual(packages.map(({ sha256 }) => sha256))
  })

  it('are only read, never run', async () => {
    const proof = join(site.folder, 'ran')
    const scripts = {
      preinstall: `touch ${proof}`,
      install: `touch ${proof}`,
      prepare: `touch ${proof}`,
    }
    await site.add('a@1.0.0', { scripts })
    await resolve(['npm:a'])
    expect(existsSync(proof)).toBe(false)
  })

  it('must be for the agents, unless they are optional', async () => {
    await site.add('windows@1.0.0', { os: ['win32'] })
    await site.add('future@1.0.0', { engines: { node: '>=99' } })
    await site.add('a@1.0.0', { optionalDependencies: { windows: '1' } })
    expect((await resolve(['npm:a'])).packages.map(({ id }) => id)).toEqual(['npm:a@1.0.0'])
    await expect(resolve(['npm:windows'])).rejects.toMatchObject({ code: 'PACKAGE_UNSUITABLE' })
    await expect(resolve(['npm:future'])).rejects.toMatchObject({
      code: 'PACKAGE_UNSUITABLE',
      message: expect.stringContaining('needs Node >=99'),
    })
    const platform = { nodeVersion: '99.1.0' }
    expect((await resolve(['npm:future'], { platform })).packages).toHaveLength(1)
  })

  it('come from registries alone', async () => {
    await site.add('a@1.0.0', { dependencies: { b: 'git+https://example.test/b.git' } })
    await site.add('c@1.0.0', { dependencies: { d: 'https://example.test/d.tgz' } })
    for (const name of ['npm:a', 'npm:c']) {
      await expect(resolve([name])).rejects.toMatchObject({ code: 'PACKAGE_UNRESOLVABLE' })
    }
  })

  it('are refused when their bytes are not those of their integrity', async () => {
    await site.add('a@1.0.0')
    site.tarballs.set('a/-/1.0.0.tgz', Buffer.from('something else'))
    await expect(resolve(['npm:a'])).rejects.toMatchObject({ code: 'PACKAGE_CORRUPT' })
  })

  it('say what no registry has', async () => {
    await site.add('a@1.0.0', { dependencies: { gone: '1' } })
    await expect(resolve(['npm:a'])).rejects.toMatchObject({ code: 'PACKAGE_NOT_FOUND' })
    await expect(resolve(['npm:a@7'])).rejects.toMatchObject({ code: 'PACKAGE_NOT_FOUND' })
  })

  it('stay as they are locked, for another request too', async () => {
    const lockFile = join(site.folder, 'jarcast.lock.json')
    await site.add('a@1.0.0', { dependencies: { b: '^1.0.0' } })
    await site.add('b@1.0.0')
    await site.add('c@1.0.0')
    await resolve(['npm:a'], { lockFile })
    await site.add('b@1.1.0')
    site.requests.length = 0
    await resolve(['npm:a'], { lockFile, isFrozen: true, isOffline: true })
    expect(site.requests).toEqual([])
    const more = await resolve(['npm:a', 'npm:c'], { lockFile })
    expect(more.packages.map(({ id }) => id)).toContain('npm:b@1.0.0')
    const updated = await resolve(['npm:a', 'npm:c'], { lockFile, isUpdate: true })
    expect(updated.packages.map(({ id }) => id)).toContain('npm:b@1.1.0')
  })
})
