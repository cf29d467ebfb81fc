import { existsSync } from 'node:fs'
import { mkdir, mkdtemp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import npm from '@npmcli/config/lib/definitions/index.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resolvePackages } from '../../../src/coordinates/resolve-packages.ts'
import type { NpmPlatform } from '../../../src/coordinates/packages/npm-platform.ts'
import type { PackageLock } from '../../../src/coordinates/packages/package-lock.ts'
import type { FetchedPackage, ResolveOptions } from '../../../src/coordinates/packages/packages.ts'
import type { ResolvedPackages } from '../../../src/coordinates/resolve-packages.ts'
import { unpackPackage } from '../../../src/executor/libraries/install/unpack-package.ts'
import { startNpmSite } from '../npm-site.ts'
import type { NpmSite } from '../npm-site.ts'

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
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<ResolvedPackages> {
  return await resolvePackages(
    { packages, overrides },
    { cacheFolder: join(site.folder, 'cache'), ...options },
  )
}

/** Unpacks packages as an executor does. */
async function install(
  packages: readonly FetchedPackage[],
): Promise<(path: string) => NodeJS.Require> {
  const modules = join(await mkdtemp(join(site.folder, 'agent-')), 'node_modules')
  for (const { file, place = '' } of packages) {
    await mkdir(join(modules, place), { recursive: true })
    await unpackPackage(file, join(modules, place))
  }
  return (path) => createRequire(join(modules, path))
}

describe('npm packages', () => {
  it('bring their dependencies in the newest version that fits', async () => {
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

  it('contain nested versions of dependencies', async () => {
    await site.add('a@1.0.0', { dependencies: { b: '^1.0.0' } })
    for (const version of ['1.0.0', '2.0.0']) await site.add(`b@${version}`)
    const { packages, lock } = await resolve(['npm:a', 'npm:b@2'])
    expect(Object.keys(lock.npm?.packages ?? {})).toEqual([
      'node_modules/a',
      'node_modules/a/node_modules/b',
      'node_modules/b',
    ])
    const requireFrom = await install(packages)
    expect(requireFrom('a/index.js')('b')).toBe('b@1.0.0')
    expect(requireFrom('x.js')('b')).toBe('b@2.0.0')
    // Packing is reproducible.
    const again = await resolve(['npm:a', 'npm:b@2'], {
      cacheFolder: join(site.folder, 'elsewhere'),
    })
    expect(again.packages.map(({ sha256 }) => sha256)).toEqual(packages.map(({ sha256 }) => sha256))
  })

  it('never run scripts', async () => {
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

  it('must suit the agents, unless they are optional', async () => {
    await site.add('windows@1.0.0', { os: ['win32'] })
    await site.add('a@1.0.0', { optionalDependencies: { windows: '1' } })
    expect((await resolve(['npm:a'])).packages.map(({ id }) => id)).toEqual(['npm:a@1.0.0'])
    await expect(resolve(['npm:windows'])).rejects.toMatchObject({ code: 'PACKAGE_UNSUITABLE' })
  })

  it('for another Node cause a warning, or an error with engine-strict', async () => {
    await site.add('future@1.0.0', { engines: { node: '>=99' } })
    await site.add('a@1.0.0', { optionalDependencies: { future: '1' } })
    const warnings: string[] = []
    const onWarning = (message: string): number => warnings.push(message)
    expect((await resolve(['npm:future'], { onWarning })).packages).toHaveLength(1)
    expect(warnings).toEqual([
      `npm:future@1.0.0 needs Node >=99, the agents have ${process.version}`,
    ])
    expect((await resolve(['npm:a'])).packages.map(({ id }) => id)).toEqual(['npm:a@1.0.0'])
    const platform = { nodeVersion: '99.1.0' }
    expect((await resolve(['npm:a'], { platform, onWarning })).packages).toHaveLength(2)
    expect(warnings).toHaveLength(1)
    process.env['npm_config_engine_strict'] = 'true'
    await expect(resolve(['npm:future'])).rejects.toMatchObject({
      code: 'PACKAGE_UNSUITABLE',
      message: expect.stringContaining('needs Node >=99'),
    })
  })

  it('are chosen for the system of the agents', async () => {
    await site.add('part@1.0.0')
    await site.add('mac@1.0.0', { os: ['darwin'], dependencies: { part: '1' } })
    await site.add('linux@1.0.0', { os: ['linux'], libc: ['musl'] })
    await site.add('a@1.0.0', { optionalDependencies: { mac: '1', linux: '1' } })
    await site.add('b@1.0.0', { dependencies: { mac: '1' } })
    const idsFor = async (name: string, platform: NpmPlatform) =>
      (await resolve([name], { platform })).packages.map(({ id }) => id)
    // An optional package is left out with the dependencies that only it needs.
    expect(await idsFor('npm:a', { os: 'linux', libc: 'glibc' })).toEqual(['npm:a@1.0.0'])
    expect(await idsFor('npm:a', { os: 'linux', libc: 'musl' })).toEqual([
      'npm:a@1.0.0',
      'npm:linux@1.0.0',
    ])
    const all = ['npm:b@1.0.0', 'npm:mac@1.0.0', 'npm:part@1.0.0']
    expect(await idsFor('npm:b', { os: 'darwin', cpu: 'arm64' })).toEqual(all)
  })

  it('that are optional may be missing in the registry', async () => {
    await site.add('a@1.0.0', { optionalDependencies: { gone: '1', git: 'github:a/b' } })
    expect((await resolve(['npm:a'])).packages.map(({ id }) => id)).toEqual(['npm:a@1.0.0'])
  })

  it('are placed under their aliases, also nested ones', async () => {
    for (const version of ['1.0.0', '2.0.0', '3.0.0']) await site.add(`b@${version}`)
    await site.add('@s/c@1.0.0', { dependencies: { old: 'npm:b@1' } })
    const dependencies = { old: 'npm:b@2', '@alias/c': 'npm:@s/c@1' }
    await site.add('a@1.0.0', { dependencies })
    const { packages, lock } = await resolve(['npm:a', 'npm:b@3', 'npm:own@npm:b@1.0.0'])
    expect(packages.map(({ id, place, name }) => [id, place, name])).toEqual([
      ['npm:@alias/c@npm:@s/c@1.0.0', '@alias/c', 'alias-c-1.0.0.tgz'],
      ['npm:a@1.0.0', 'a', 'a-1.0.0.tgz'],
      ['npm:b@3.0.0', 'b', 'b-3.0.0.tgz'],
      ['npm:old@npm:b@2.0.0', 'old', 'old-2.0.0.tgz'],
      ['npm:own@npm:b@1.0.0', 'own', 'own-1.0.0.tgz'],
    ])
    const nested = lock.npm?.packages['node_modules/@alias/c/node_modules/old']
    expect(nested).toMatchObject({ name: 'b', version: '1.0.0' })
    const requireFrom = await install(packages)
    expect(requireFrom('@alias/c/index.js')('old')).toBe('b@1.0.0')
    expect(requireFrom('a/index.js')('old')).toBe('b@2.0.0')
    expect(requireFrom('x.js')('own')).toBe('b@1.0.0')
  })

  it('keep their aliases in a new resolution of a lock', async () => {
    const lockFile = join(site.folder, 'jarcast.lock.json')
    await site.add('b@1.0.0')
    await site.add('a@1.0.0', { dependencies: { old: 'npm:b@1' } })
    await resolve(['npm:a'], { lockFile })
    await site.add('b@1.1.0')
    const { packages } = await resolve(['npm:a', 'npm:b'], { lockFile })
    expect(packages.map(({ id }) => id)).toEqual([
      'npm:a@1.0.0',
      'npm:b@1.1.0',
      'npm:old@npm:b@1.0.0',
    ])
  })

  it('are placed by the name of the registry, not of the tarball', async () => {
    await site.add('a@1.0.0', { name: 'b' }, { described: { name: 'a' } })
    await site.add('b@1.0.0')
    const { packages } = await resolve(['npm:a', 'npm:b'])
    const requireFrom = await install(packages)
    expect(requireFrom('x.js')('a')).toBe('b@1.0.0')
    expect(packages.map(({ place }) => place)).toEqual(['a', 'b'])
  })

  it('have unique file names', async () => {
    for (const name of ['@a/b', 'a-b', '@a-b/c', '@a/b-c']) await site.add(`${name}@1.0.0`)
    const packages = ['npm:@a/b', 'npm:a-b', 'npm:@a-b/c', 'npm:@a/b-c']
    const names = (await resolve(packages)).packages.map(({ name }) => name)
    expect(new Set(names).size).toBe(4)
    expect(names).toContain('a-b-1.0.0.tgz')
  })

  it('include optional peers as npm does', async () => {
    for (const version of ['1.0.0', '2.0.0']) await site.add(`peer@${version}`)
    await site.add('loader@1.0.0', {
      peerDependencies: { peer: '2' },
      peerDependenciesMeta: { peer: { optional: true } },
    })
    await site.add('z@1.0.0', { dependencies: { loader: '1' } })
    await site.add('b@1.0.0', { dependencies: { peer: '1' } })
    const placesOf = async (...names: readonly string[]): Promise<readonly string[]> =>
      Object.entries((await resolve(names)).lock.npm?.packages ?? {}).map(
        ([place, { version }]) => `${place}@${version}`,
      )
    // Expected values come from npm.
    expect(await placesOf('npm:b', 'npm:z')).toEqual([
      'node_modules/b@1.0.0',
      'node_modules/peer@1.0.0',
      'node_modules/z@1.0.0',
      'node_modules/z/node_modules/loader@1.0.0',
      'node_modules/z/node_modules/peer@2.0.0',
    ])
    expect(await placesOf('npm:b', 'npm:loader')).toEqual([
      'node_modules/b@1.0.0',
      'node_modules/b/node_modules/peer@1.0.0',
      'node_modules/loader@1.0.0',
      'node_modules/peer@2.0.0',
    ])
  })

  it('cannot be requested twice at one place', async () => {
    for (const version of ['1.0.0', '2.0.0']) await site.add(`a@${version}`)
    await expect(resolve(['npm:a@1', 'npm:a@2'])).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/requested as 1 and as 2; give one .* npm:OTHER@npm:a@2/),
    })
  })

  it('bring bundled dependencies, and those of npm-shrinkwrap.json', async () => {
    const inner = (name: string, version: string): Record<string, string> => ({
      [`node_modules/${name}/package.json`]: JSON.stringify({ name, version }),
      [`node_modules/${name}/index.js`]: `module.exports = '${name} in the bundle'`,
    })
    for (const version of ['1.0.0', '1.1.0'])
      for (const name of ['b', 'c']) await site.add(`${name}@${version}`)
    const bundling = { dependencies: { b: '1', c: '1' }, bundleDependencies: ['b'] }
    await site.add('bundler@1.0.0', bundling, { files: inner('b', '1.0.5') })
    const [dependencies, version] = [{ b: '1' }, '1.0.0']
    const locked = { version, resolved: `${site.url}b/-/b-1.0.0.tgz` }
    const shrinkwrap = {
      name: 'wrapped',
      version,
      lockfileVersion: 1,
      requires: true,
      dependencies: { b: locked },
    }
    const files = { 'npm-shrinkwrap.json': JSON.stringify(shrinkwrap) }
    await site.add(
      'wrapped@1.0.0',
      { dependencies },
      { files, described: { _hasShrinkwrap: true } },
    )
    const lockFile = join(site.folder, 'jarcast.lock.json')
    const wanted = ['npm:bundler', 'npm:wrapped', 'npm:b']
    const { packages, lock } = await resolve(wanted, { lockFile })
    expect(Object.keys(lock.npm?.packages ?? {})).toEqual([
      'node_modules/b',
      'node_modules/bundler',
      'node_modules/c',
      'node_modules/wrapped',
      'node_modules/wrapped/node_modules/b',
    ])
    const requireFrom = await install(packages)
    expect(requireFrom('bundler/index.js')('b')).toBe('b in the bundle')
    expect(requireFrom('wrapped/index.js')('b')).toBe('b@1.0.0')
    expect(requireFrom('bundler/index.js')('c')).toBe('c@1.1.0')
    // A new resolution with a further root keeps them.
    await site.add('d@1.0.0')
    const { lock: more } = await resolve([...wanted, 'npm:d'], { lockFile })
    const digestsOf = ({ npm }: PackageLock): readonly string[] =>
      Object.entries(npm?.packages ?? {}).map(([place, { sha256 }]) => `${place} ${sha256}`)
    expect(digestsOf(more)).toEqual(expect.arrayContaining([...digestsOf(lock)]))
    expect(digestsOf(more)).toHaveLength(digestsOf(lock).length + 1)
  })

  it.each([
    ['git+https://example.test/b.git', 'a git repository'],
    ['github:owner/b', 'a git repository'],
    ['https://example.test/b.tgz', 'a file at an address'],
    ['file:../b.tgz', 'a local file'],
    ['file:../b', 'a local folder'],
    ['workspace:*', 'is not a version from a registry'],
  ])('come from registries only, not from %s', async (spec, what) => {
    await site.add('a@1.0.0', { dependencies: { b: spec } })
    await site.add('top@1.0.0', { dependencies: { a: '1' } })
    await site.add('b@1.0.0')
    const error: unknown = await resolve(['npm:top']).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'PACKAGE_UNRESOLVABLE', retryable: false })
    const { message } = error as Error
    for (const part of ['npm:a@1.0.0', what, spec.split(':')[0], 'override'])
      expect(message).toContain(part)
    const { packages } = await resolve(['npm:top'], {}, { b: '1' })
    expect(packages.map(({ id }) => id)).toContain('npm:b@1.0.0')
  })

  it('name both sides of a peer conflict and their dependents', async () => {
    for (const version of ['1.0.0', '2.0.0']) await site.add(`host@${version}`)
    await site.add('plugin@1.0.0', { peerDependencies: { host: '2' } })
    await site.add('kit@1.0.0', { peerDependencies: { plugin: '1' } })
    const error: unknown = await resolve(['npm:kit', 'npm:host@1']).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'PACKAGE_UNRESOLVABLE' })
    const { message } = error as Error
    const parts = [
      'plugin@1.0.0 (',
      'needs the peer host@2',
      'host@1.0.0 (requested as npm:host@1)',
      'kit@1.0.0',
    ]
    for (const part of parts) expect(message).toContain(part)
  })

  it('without a checksum cause a warning, or an error', async () => {
    await site.add('a@1.0.0', {}, { checksum: 'none' })
    await site.add('b@1.0.0', {}, { checksum: 'shasum' })
    const lockFile = join(site.folder, 'jarcast.lock.json')
    const warnings: string[] = []
    const { lock } = await resolve(['npm:a', 'npm:b'], {
      lockFile,
      onWarning: (message) => warnings.push(message),
    })
    expect(warnings).toEqual([
      'npm:a@1.0.0 has no checksum in its registry: its bytes are not checked',
    ])
    const { [`node_modules/a`]: a, 'node_modules/b': b } = lock.npm?.packages ?? {}
    expect(a?.integrity).toMatch(/^sha512-/)
    expect(b?.integrity).toMatch(/^sha1-/)
    const strict = resolve(['npm:a'], { missingChecksum: 'fail' })
    await expect(strict).rejects.toMatchObject({ code: 'PACKAGE_CORRUPT' })
    // From now on the lock file has a checksum.
    await site.add('a@1.0.0', { changed: true }, { checksum: 'none' })
    const cacheFolder = join(site.folder, 'other')
    process.env['npm_config_cache'] = join(site.folder, 'other-npm')
    const changed = resolve(['npm:a', 'npm:b'], { lockFile, cacheFolder })
    await expect(changed).rejects.toMatchObject({ code: 'PACKAGE_CORRUPT' })
  })

  it('follow overrides as npm does', async () => {
    for (const name of ['x', 'y', 'z']) {
      for (const version of ['1.0.0', '1.5.0', '2.0.0'])
        await site.add(`${name}@${version}`, name === 'y' ? { dependencies: { x: '1' } } : {})
    }
    await site.add('a@1.0.0', { dependencies: { x: '1', y: '1', z: '2' } })
    const overrides = {
      x: '2.0.0',
      'y@1': { '.': '1.0.0', x: 'npm:z@1.0.0' },
      a: { z: '$z' },
    }
    const lockFile = join(site.folder, 'jarcast.lock.json')
    const { lock } = await resolve(['npm:a', 'npm:z@1.5.0'], { lockFile }, overrides)
    const versions = Object.entries(lock.npm?.packages ?? {}).map(
      ([place, { name, version }]) => `${place} ${name}@${version}`,
    )
    expect(versions).toEqual([
      'node_modules/a a@1.0.0',
      'node_modules/x x@2.0.0',
      'node_modules/y y@1.0.0',
      'node_modules/y/node_modules/x z@1.0.0',
      'node_modules/z z@1.5.0',
    ])
    // Overrides are a part of the request.
    site.requests.length = 0
    await resolve(
      ['npm:a', 'npm:z@1.5.0'],
      { lockFile, isFrozen: true, isOffline: true },
      overrides,
    )
    const without = resolve(['npm:a', 'npm:z@1.5.0'], { lockFile, isFrozen: true })
    await expect(without).rejects.toMatchObject({ code: 'PACKAGE_LOCK_OUTDATED' })
    const again = await resolve(['npm:a', 'npm:z@1.5.0'], { lockFile })
    expect(again.lock.npm?.packages['node_modules/x']).toMatchObject({ version: '1.5.0' })
  })

  it.each([
    [{ a: '2' }, 'conflicts with direct dependency'],
    [{ b: '$nowhere' }, 'reference $nowhere'],
    [{ b: 'git+https://example.test/b.git' }, 'a git repository'],
  ] as const)('refuse the overrides %j', async (overrides, why) => {
    await site.add('a@1.0.0', { dependencies: { b: '1' } })
    await site.add('b@1.0.0')
    await expect(resolve(['npm:a@1'], {}, overrides)).rejects.toMatchObject({
      code: 'PACKAGE_UNRESOLVABLE',
      message: expect.stringContaining(why),
    })
  })

  it('are refused when their bytes differ from their integrity', async () => {
    await site.add('a@1.0.0')
    site.tarballs.set('a/-/a-1.0.0.tgz', Buffer.from('something else'))
    await expect(resolve(['npm:a'])).rejects.toMatchObject({ code: 'PACKAGE_CORRUPT' })
  })

  it('come from the configured registry instead of the public one', async () => {
    await site.add('a@1.0.0')
    process.env['npm_config_registry'] = `${site.url}mirror/`
    const asked: string[] = []
    site.intercept = ({ url = '' }, response) => {
      asked.push(url)
      if (url !== '/mirror/a') return false
      const dist = { tarball: `${npm.definitions.registry.default}a/-/a-1.0.0.tgz` }
      const versions = { '1.0.0': { name: 'a', version: '1.0.0', dist } }
      response.end(JSON.stringify({ name: 'a', 'dist-tags': { latest: '1.0.0' }, versions }))
      return true
    }
    site.tarballs.set('mirror/a/-/a-1.0.0.tgz', site.tarballs.get('a/-/a-1.0.0.tgz') ?? Buffer.of())
    expect((await resolve(['npm:a'])).packages).toHaveLength(1)
    expect(asked).toEqual(['/mirror/a', '/mirror/a/-/a-1.0.0.tgz'])
  })

  it('that are missing cause PACKAGE_NOT_FOUND', async () => {
    await site.add('a@1.0.0', { dependencies: { gone: '1' } })
    await expect(resolve(['npm:a'])).rejects.toMatchObject({ code: 'PACKAGE_NOT_FOUND' })
    await expect(resolve(['npm:a@7'])).rejects.toMatchObject({ code: 'PACKAGE_NOT_FOUND' })
  })

  it('keep locked versions, also for another request', async () => {
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
