import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findClassPathConflicts } from '../../../src/domain/class-path/class-path-conflicts.ts'
import { describeConflicts } from '../../../src/domain/class-path/describe-conflicts.ts'
import { indexJar, unreadableJar } from '../../../src/domain/class-path/jar-index.ts'
import type { JarIndex, JarTexts } from '../../../src/domain/class-path/jar-index.ts'

type Classes = Readonly<Record<string, number>>

function jar(name: string, classes: Classes, texts: JarTexts = {}, files: string[] = []): JarIndex {
  const entries = [
    ...Object.entries(classes).map(([path, crc32]) => ({ name: `${path}.class`, crc32 })),
    ...files.map((file) => ({ name: file, crc32: 0 })),
  ]
  return indexJar(
    name,
    entries.map((entry) => ({ ...entry, sizeBytes: 1 })),
    texts,
    17,
  )
}

const pom = (version: string): JarTexts => ({
  pomProperties: [`groupId=g\nartifactId=a\nversion=${version}\n`],
})

describe('findClassPathConflicts', () => {
  it('finds nothing between jars that share nothing', () => {
    const report = findClassPathConflicts([jar('a.jar', { 'a/A': 1 }), jar('b.jar', { 'b/B': 1 })])
    expect(report).toEqual({
      classPath: ['a.jar', 'b.jar'],
      classCount: 2,
      versions: [],
      duplicates: [],
      splitPackages: [],
      unreadable: [],
      isHarmful: false,
    })
  })

  it('groups the same classes by the jars that have them', () => {
    const report = findClassPathConflicts([
      jar('a.jar', { 'x/Z': 1, 'x/A': 1, 'x/Same': 7 }),
      jar('b.jar', { 'x/A': 2, 'x/Same': 7, 'x/Z': 2, 'x/Three': 1 }),
      jar('c.jar', { 'x/Three': 1, 'x/Same': 7 }),
    ])
    expect(report.duplicates).toEqual([
      { used: 'a.jar', unused: ['b.jar'], different: ['x.A', 'x.Z'], identical: [] },
      { used: 'a.jar', unused: ['b.jar', 'c.jar'], different: [], identical: ['x.Same'] },
      { used: 'b.jar', unused: ['c.jar'], different: [], identical: ['x.Three'] },
    ])
    expect(report.isHarmful).toBe(true)
    expect(describeConflicts(report)).toEqual([
      '2 classes are not the same in a.jar and b.jar, such as x.A; a.jar is used',
    ])
  })

  it('calls the same bytes in two jars harmless', () => {
    const report = findClassPathConflicts([jar('a.jar', { 'x/A': 1 }), jar('b.jar', { 'x/A': 1 })])
    expect(report).toMatchObject({ isHarmful: false, splitPackages: [] })
    expect(describeConflicts(report)).toEqual([])
  })

  it('finds packages that are loaded from several jars', () => {
    const plain = [jar('a.jar', { 'x/A': 1, A: 1 }), jar('b.jar', { 'x/B': 1, B: 1 })]
    expect(findClassPathConflicts(plain)).toMatchObject({
      isHarmful: false,
      splitPackages: [{ name: 'x', jars: ['a.jar', 'b.jar'], isGuarded: false }],
    })
    const signed = jar('c.jar', { 'x/C': 1 }, {}, ['META-INF/ME.SF'])
    expect(findClassPathConflicts([...plain, signed])).toMatchObject({
      isHarmful: true,
      splitPackages: [{ name: 'x', jars: ['a.jar', 'b.jar', 'c.jar'], isGuarded: true }],
    })
  })

  it('finds versions of one artifact by the best that names it', () => {
    const report = findClassPathConflicts([
      jar('a-1.jar', {}, pom('1')),
      jar('a-2.jar', {}, pom('2')),
      jar('a-3.jar', {}),
      jar('b-1.jar', {}),
      jar('b-1.0.jar', {}),
    ])
    expect(report.versions).toEqual([
      {
        artifact: 'g:a',
        source: 'pom',
        versions: [
          { version: '1', jar: 'a-1.jar' },
          { version: '2', jar: 'a-2.jar' },
        ],
      },
      {
        artifact: 'a',
        source: 'file name',
        versions: ['1', '2', '3'].map((version) => ({ version, jar: `a-${version}.jar` })),
      },
      {
        artifact: 'b',
        source: 'file name',
        versions: ['1', '1.0'].map((version) => ({ version, jar: `b-${version}.jar` })),
      },
    ])
    const same = [jar('x.jar', {}, pom('1')), jar('y.jar', {}, pom('1'))]
    expect(findClassPathConflicts(same).versions).toEqual([])
  })

  it('orders jars as manifests add them', () => {
    const adds = (names: string): JarTexts => ({ manifest: `Class-Path: ${names}\n` })
    const { classPath, duplicates } = findClassPathConflicts([
      jar('a.jar', {}, adds('c.jar gone.jar d.jar')),
      jar('b.jar', { 'x/A': 1 }),
      jar('c.jar', { 'x/A': 2 }, adds('e.jar a.jar')),
      jar('d.jar', {}),
      jar('e.jar', {}),
    ])
    expect(classPath).toEqual(['a.jar', 'c.jar', 'e.jar', 'd.jar', 'b.jar'])
    expect(duplicates).toMatchObject([{ used: 'c.jar', unused: ['b.jar'] }])
  })

  it('reports jars that cannot be read', () => {
    const report = findClassPathConflicts([unreadableJar('a.jar', 'no zip')])
    expect(report).toMatchObject({
      isHarmful: true,
      unreadable: [{ jar: 'a.jar', reason: 'no zip' }],
    })
    expect(describeConflicts(report)).toEqual(['a.jar brings no classes: no zip'])
  })

  it('accounts for every class of any jars', () => {
    const contents = fc.dictionary(fc.constantFrom('A', 'x/A', 'x/B', 'y/A', 'y/z/B'), fc.nat(2))
    fc.assert(
      fc.property(fc.array(contents, { maxLength: 5 }), (all) => {
        const jars = all.map((classes, index) => jar(`${index}.jar`, classes))
        const report = findClassPathConflicts(jars)
        expect(findClassPathConflicts(jars)).toEqual(report)
        const names = new Set(all.flatMap((classes) => Object.keys(classes)))
        expect(report.classCount).toBe(names.size)
        for (const name of names) {
          const having = jars.filter(({ classes }) => classes.has(name)).map((one) => one.name)
          const dotted = name.replaceAll('/', '.')
          const told = report.duplicates.filter(({ different, identical }) =>
            [...different, ...identical].includes(dotted),
          )
          expect(told.map(({ used, unused }) => [used, ...unused])).toEqual(
            having.length > 1 ? [having] : [],
          )
        }
      }),
    )
  })
})
