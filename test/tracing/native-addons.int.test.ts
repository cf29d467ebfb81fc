import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { platformOf } from '../../src/tracing/binary-platform.ts'
import { traceModules } from '../../src/tracing/trace-modules.ts'
import { makeProject, packageFiles } from './project.ts'

/** The first bytes of an addon for Linux. */
function elf(machine: number, needs = ''): Buffer {
  const bytes = Buffer.alloc(64)
  bytes.write('\u007fELF', 0, 'latin1')
  bytes[5] = 1
  bytes.writeUInt16LE(machine, 18)
  return Buffer.concat([bytes, Buffer.from(needs)])
}

function machO(type: number): Buffer {
  const bytes = Buffer.alloc(64)
  bytes.writeUInt32LE(0xfeedfacf, 0)
  bytes.writeUInt32LE(type, 4)
  return bytes
}

function pe(machine: number): Buffer {
  const bytes = Buffer.alloc(72)
  bytes.write('MZ', 0, 'latin1')
  bytes.writeUInt32LE(64, 60)
  bytes.write('PE', 64, 'latin1')
  bytes.writeUInt16LE(machine, 68)
  return bytes
}

const x64 = elf(62, 'libc.so.6\0')
const load = "exports.addon = require('node-gyp-build')(__dirname)"
const build = packageFiles('node-gyp-build', 'module.exports = (folder) => folder')

describe('platformOf', () => {
  it('reads the headers of ELF, Mach-O and PE', () => {
    expect(platformOf(x64)).toEqual({ os: 'linux', cpu: 'x64', libc: 'glibc' })
    expect(platformOf(elf(183, 'libc.musl-aarch64.so.1'))).toEqual({
      os: 'linux',
      cpu: 'arm64',
      libc: 'musl',
    })
    expect(platformOf(elf(62))).toEqual({ os: 'linux', cpu: 'x64' })
    expect(platformOf(machO(0x0100000c))).toEqual({ os: 'darwin', cpu: 'arm64' })
    expect(platformOf(pe(0x8664))).toEqual({ os: 'win32', cpu: 'x64' })
    expect(platformOf(elf(9999))).toEqual({ os: 'linux', cpu: 'machine 9999' })
    expect(platformOf(Buffer.alloc(100))).toBeUndefined()
    expect(platformOf(Buffer.from('MZ'))).toBeUndefined()
  })
})

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
