import { describe, expect, it } from 'vitest'
import { findLoaded } from '../../../scripts/support/loaded-at-start.mjs'
import type { LoadedImport } from '../../../scripts/support/loaded-at-start.mjs'

/** `a > b` for each import; `a ~ b` for one of types, or a call of `import()`. */
function importsOf(...lines: readonly string[]): LoadedImport[] {
  return lines.map((line) => {
    const [from = '', sign, specifier = ''] = line.split(' ')
    const to = specifier.endsWith('.ts') ? specifier : undefined
    return { from, to, specifier, isLater: sign === '~' }
  })
}

const isHeavy = (target: string) => target === 'heavy.ts' || target === 'ws'

describe('findLoaded', () => {
  it('names the way to what is loaded at the start', () => {
    const imports = importsOf('index.ts > a.ts', 'a.ts > b.ts', 'b.ts > heavy.ts', 'heavy.ts > ws')
    expect(findLoaded(imports, 'index.ts', isHeavy)).toEqual(['index.ts → a.ts → b.ts → heavy.ts'])
    expect(findLoaded(importsOf('index.ts > ws'), 'index.ts', isHeavy)).toEqual(['index.ts → ws'])
  })

  it('does not count what is loaded on use', () => {
    const imports = importsOf('index.ts > a.ts', 'a.ts ~ heavy.ts', 'heavy.ts > ws')
    expect(findLoaded(imports, 'index.ts', isHeavy)).toEqual([])
  })

  it('comes to an end where files import each other', () => {
    const imports = importsOf('index.ts > a.ts', 'a.ts > index.ts', 'other.ts > heavy.ts')
    expect(findLoaded(imports, 'index.ts', isHeavy)).toEqual([])
  })
})
