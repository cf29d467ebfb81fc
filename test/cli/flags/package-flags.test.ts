import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addPackageFlags, toPackageSettings } from '../../../src/cli/flags/package-flags.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jarcast-flags-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function settingsOf(...args: readonly string[]) {
  const command = addPackageFlags(new Command('test')).exitOverride()
  return toPackageSettings(command.parse(args, { from: 'user' }).opts())
}

describe('addPackageFlags', () => {
  it('takes npm overrides from a package.json', () => {
    const file = join(folder, 'package.json')
    const overrides = { minimist: '1.2.8', 'a@1': { '.': '1.0.1', b: '$b' } }
    writeFileSync(file, `\uFEFF${JSON.stringify({ name: 'mine', overrides })}`)
    expect(settingsOf('--overrides', file)).toEqual({ overrides })
  })

  it('says what agents run', () => {
    expect(settingsOf('--agent-platform', 'linux-arm64-musl')).toEqual({
      platform: { os: 'linux', cpu: 'arm64', libc: 'musl' },
    })
    expect(settingsOf('--agent-platform', 'linux-x64').platform?.libc).toBe('glibc')
    expect(() => settingsOf('--agent-platform', 'darwin-x64')).toThrow('linux-arm64')
  })

  it.each(['{}', '{"overrides":[]}', 'no JSON'])('refuses a file of %s as that', (text) => {
    const file = join(folder, 'package.json')
    writeFileSync(file, text)
    expect(() => settingsOf('--overrides', file)).toThrow('is no package.json with "overrides"')
    expect(() => settingsOf('--overrides', join(folder, 'none'))).toThrow('cannot be read (ENOENT)')
  })
})
