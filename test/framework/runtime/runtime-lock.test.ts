import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Platform } from '../../../src/domain/runtimes/platforms.ts'
import { lockNode, readRuntimeLock } from '../../../src/framework/runtime/runtime-lock.ts'

function build(platform: Platform, version: string) {
  const tarball = { sha256: 'b'.repeat(64), sizeBytes: 1 }
  const program = { sha256: 'a'.repeat(64), member: 'package/bin/node' }
  return {
    platform,
    version,
    ...program,
    package: `node-${platform}`,
    cpu: 'x64',
    tarball,
  } as const
}

describe('lockNode', () => {
  it('keeps the builds of other platforms, unless all are updated', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jarcast-lock-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const settings = { packages: { lockFile: join(folder, 'lock.json') }, journal: undefined }
    const updating = { ...settings, packages: { ...settings.packages, isUpdate: true } }
    const versions = async () =>
      Object.entries((await readRuntimeLock(settings)).node ?? {})
        .map(([platform, { version }]) => `${platform} ${version}`)
        .toSorted()
    await lockNode(settings, build('linux-x64', '24.1.0'))
    await lockNode(settings, build('linux-arm64', '24.2.0'))
    expect(await versions()).toEqual(['linux-arm64 24.2.0', 'linux-x64 24.1.0'])
    await lockNode(updating, build('linux-arm64', '24.3.0'))
    expect(await versions()).toEqual(['linux-arm64 24.3.0'])
    await lockNode(updating, build('linux-x64', '24.3.0'))
    expect(await versions()).toEqual(['linux-arm64 24.3.0', 'linux-x64 24.3.0'])
  })
})
