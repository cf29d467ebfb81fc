import { describe, expect, it } from 'vitest'
import { packageTree } from '../../../src/cli/libraries/package-tree.ts'

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
