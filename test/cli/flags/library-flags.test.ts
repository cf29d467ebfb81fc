import { describe, expect, it } from 'vitest'
import { librariesOf, mergeLibraries } from '../../../src/cli/flags/library-flags.ts'

describe('mergeLibraries', () => {
  it('keeps jars first and each file once', () => {
    const flags = { jar: ['a.jar'], lib: ['./a.jar', 'tasks.mjs'] }
    const merged = mergeLibraries([], librariesOf(flags))
    expect(mergeLibraries(merged, [{ path: './tasks.mjs', kind: 'file' }])).toEqual([
      { path: 'a.jar', kind: 'jar' },
      { path: 'tasks.mjs' },
    ])
  })
})
