import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { traceModules } from '../../src/tracing/trace-modules.ts'
import { elf, machO } from '../support/binaries.ts'
import { makeProject, packageFiles } from './project.ts'

const x64 = elf(62, 'libc.so.6\0')
const load = "exports.addon = require('node-gyp-build')(__dirname)"
const build = packageFiles('node-gyp-build', 'module.exports = (folder) => folder')

describe('traceModules with native addons', () => {
  it('takes those for the agents, and no others', async () => {
    const folder = makeProject({
      ...build,
      ...packageFiles('fast', load),
      'node_modules/fast/prebuilds/linux-x64/fast.node': x64,
      'node_modules/fast/prebuilds/linux-arm64/fast.node': elf(183),
      'node_modules/fast/prebuilds/darwin-arm64/fast.node': machO(0x0100000c),
      'tasks.cjs': "exports.run = () => require('fast')",
    })
    const traced = async (platform: { os: string; cpu: string; libc: string }) => {
      const { files, remove } = await traceModules([join(folder, 'tasks.cjs')], { platform })
      await remove()
      return files.map(({ place }) => place).filter((place) => place.endsWith('.node'))
    }
    expect(await traced({ os: 'linux', cpu: 'arm64', libc: 'glibc' })).toEqual([
      'node_modules/fast/prebuilds/linux-arm64/fast.node',
    ])
    expect(await traced({ os: 'darwin', cpu: 'arm64', libc: 'glibc' })).toEqual([
      'node_modules/fast/prebuilds/darwin-arm64/fast.node',
    ])
  })

  it('says which package has none for the agents', async () => {
    const folder = makeProject({
      ...build,
      ...packageFiles('@me/fast', load),
      'node_modules/@me/fast/prebuilds/linux-x64/fast.node': x64,
      'tasks.cjs': "exports.run = () => require('@me/fast')",
    })
    const platform = { os: 'linux', cpu: 'x64', libc: 'musl' }
    await expect(traceModules([join(folder, 'tasks.cjs')], { platform })).rejects.toMatchObject({
      code: 'PACKAGE_UNSUITABLE',
      message: expect.stringMatching(
        /package @me\/fast has a native addon for linux-x64-glibc, but agents run linux-x64-musl: install it/,
      ) as string,
      details: { package: '@me/fast' },
    })
  })
})
