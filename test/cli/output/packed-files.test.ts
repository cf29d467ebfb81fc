import { describe, expect, it } from 'vitest'
import { packedFiles } from '../../../src/cli/output/packed-files.ts'

describe('packedFiles', () => {
  it('lists the files packed from a folder', () => {
    const files = [
      { path: 'package.json', sizeBytes: 48 },
      { path: 'lib/\u001b[2Ja.js', sizeBytes: 1500 },
    ]
    expect(packedFiles({ name: 'a-1.0.0.tgz', folder: './a', files })).toBe(
      'packed a-1.0.0.tgz from ./a: 2 files\n    package.json  48 B\n    lib/a.js  1.5 kB',
    )
  })
})
