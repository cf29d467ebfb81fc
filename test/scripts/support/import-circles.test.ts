import { describe, expect, it } from 'vitest'
import { findFileCircles, findFolderCircles } from '../../../scripts/support/import-circles.mjs'
import type { Import } from '../../../scripts/support/import-circles.mjs'

/** `a > b` for each import. */
function importsOf(...lines: readonly string[]): Import[] {
  return lines.map((line) => {
    const [from = '', to = ''] = line.split(' > ')
    return { from, to }
  })
}

describe('findFileCircles', () => {
  it('finds none where imports point one way', () => {
    expect(findFileCircles(importsOf('a.ts > b.ts', 'b.ts > c.ts', 'a.ts > c.ts'))).toEqual([])
  })

  it('names the way round and each import', () => {
    const imports = importsOf('a.ts > b.ts', 'b.ts > c.ts', 'c.ts > a.ts', 'b.ts > d.ts')
    expect(findFileCircles(imports)).toEqual([
      [
        'a.ts → b.ts → c.ts → a.ts',
        '  a.ts imports b.ts',
        '  b.ts imports c.ts',
        '  c.ts imports a.ts',
      ].join('\n'),
    ])
  })

  it('finds a circle that the first file only leads to', () => {
    const imports = importsOf('a.ts > b.ts', 'b.ts > c.ts', 'c.ts > b.ts')
    expect(findFileCircles(imports)).toHaveLength(1)
  })
})

describe('findFolderCircles', () => {
  it('finds two folders that import each other', () => {
    const imports = importsOf('src/x/a/1.ts > src/x/b/2.ts', 'src/x/b/3.ts > src/x/a/4.ts')
    expect(findFolderCircles(imports, 'src/x')).toEqual([
      [
        'src/x/a → src/x/b → src/x/a',
        '  src/x/a/1.ts imports src/x/b/2.ts',
        '  src/x/b/3.ts imports src/x/a/4.ts',
      ].join('\n'),
    ])
  })

  it('finds a folder and one below it', () => {
    const imports = importsOf('src/x/1.ts > src/x/b/2.ts', 'src/x/b/2.ts > src/x/4.ts')
    expect(findFolderCircles(imports, 'src/x')).toHaveLength(1)
  })

  it('finds folders that import each other below different folders', () => {
    const imports = importsOf('src/x/a/c/1.ts > src/x/b/2.ts', 'src/x/b/3.ts > src/x/a/4.ts')
    expect(findFolderCircles(imports, 'src/x')).toHaveLength(1)
  })

  it('leaves out other layers and imports within a folder', () => {
    const imports = importsOf(
      'src/x/a/1.ts > src/x/a/2.ts',
      'src/x/a/2.ts > src/x/a/1.ts',
      'src/x/a/1.ts > src/y/b.ts',
      'src/y/b.ts > src/x/a/1.ts',
    )
    expect(findFolderCircles(imports, 'src/x')).toEqual([])
  })
})
