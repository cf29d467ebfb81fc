import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { packedFiles } from '../../../src/cli/output/packed-files.ts'
import { addPackageFlags, toPackageSettings } from '../../../src/cli/flags/package-flags.ts'
import { packageTree } from '../../../src/cli/libraries/package-tree.ts'

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

  it.each(['{}', '{"overrides":[]}', 'no JSON'])('refuses a file of %s as that', (text) => {
    const file = join(folder, 'package.json')
    writeFileSync(file, text)
    expect(() => settingsOf('--overrides', file)).toThrow('is no package.json with "overrides"')
    expect(() => settingsOf('--overrides', join(folder, 'none'))).toThrow('cannot be read (ENOENT)')
  })
})

describe('packageTree', () => {
  it('shows aliases as npm does', () => {
    const entry = {
      version: '4.2.3',
      sha256: '',
      sizeBytes: 10,
      integrity: '',
      resolved: '',
      entry: {},
    }
    const packages = {
      'node_modules/a': { ...entry, name: 'a' },
      'node_modules/a/node_modules/string-width-cjs': { ...entry, name: 'string-width' },
    }
    const npm = { request: { packages: [], platform: {} }, packages }
    const colours = { dim: String, yellow: String, bold: String } as never
    expect(packageTree({ lock: { formatVersion: 1, npm }, packages: [] }, { colours })).toBe(
      [
        'npm:a@4.2.3  10 B',
        '└─ npm:string-width-cjs@npm:string-width@4.2.3  10 B',
        '0 packages, 0 B',
      ].join('\n'),
    )
  })
})

describe('packedFiles', () => {
  it('lists what was packed of a folder', () => {
    const files = [
      { path: 'package.json', sizeBytes: 48 },
      { path: 'lib/\u001b[2Ja.js', sizeBytes: 1500 },
    ]
    expect(packedFiles({ name: 'a-1.0.0.tgz', folder: './a', files })).toBe(
      'packed a-1.0.0.tgz of ./a: 2 files\n    package.json  48 B\n    lib/a.js  1.5 kB',
    )
  })
})
