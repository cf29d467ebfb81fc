import { describe, expect, it } from 'vitest'
import { indexJar } from '../../../src/domain/class-path/jar-index.ts'

const entry = (name: string, crc32 = 1) => ({ name, crc32, sizeBytes: 10 })

describe('indexJar', () => {
  it('indexes classes of packages and nothing else', () => {
    const names = [
      'a/B.class',
      'Top.class',
      'a/-Util.class',
      'a/b.txt',
      'module-info.class',
      'a/package-info.class',
      'META-INF/Hidden.class',
      'BOOT-INF/classes/a/C.class',
      'a/',
    ]
    const { classes } = indexJar(
      'a.jar',
      names.map((name) => entry(name)),
      {},
      17,
    )
    expect([...classes.keys()]).toEqual(['a/B', 'Top', 'a/-Util'])
  })

  it('sees the newest version that the release may see', () => {
    const entries = [
      entry('META-INF/versions/11/a/B.class', 11),
      entry('a/B.class', 1),
      entry('META-INF/versions/21/a/B.class', 21),
      entry('META-INF/versions/9/a/B.class', 9),
      entry('META-INF/versions/9/a/Nine.class', 9),
      entry('META-INF/versions/9/module-info.class', 9),
    ]
    const manifest = 'Manifest-Version: 1.0\r\nMulti-Release: true\r\n\r\n'
    const sumOf = (release: number, texts = {}) => {
      const { classes } = indexJar('a.jar', entries, texts, release)
      return [(classes.get('a/B') ?? 0) % 2 ** 32, classes.has('a/Nine')]
    }
    expect(sumOf(17, { manifest })).toEqual([11, true])
    expect(sumOf(10, { manifest })).toEqual([9, true])
    expect(sumOf(8, { manifest })).toEqual([1, false])
    expect(sumOf(17)).toEqual([1, false])
  })

  it('names artifacts by pom, manifest and file name', () => {
    const { artifacts } = indexJar(
      'guava-31.1-jre.jar',
      [],
      {
        pomProperties: [
          '#Generated\nversion=31.1-jre\ngroupId=com.google.guava\r\nartifactId = guava\n',
          'groupId=unfinished\n',
        ],
        manifest:
          'Bundle-SymbolicName: com.google.gu\r\n ava;singleton:=true\r\nBundle-Version: 31.1.0.jre\r\n\r\nName: x\r\nBundle-Version: 2\r\n',
      },
      17,
    )
    expect(artifacts).toEqual([
      { source: 'pom', id: 'com.google.guava:guava', version: '31.1-jre' },
      { source: 'manifest', id: 'com.google.guava', version: '31.1.0.jre' },
      { source: 'file name', id: 'guava', version: '31.1-jre' },
    ])
  })

  it('knows signed and sealed jars and what a manifest adds', () => {
    const manifest = 'Sealed: true\nClass-Path: b.jar ./c%20d.jar ../e.jar http://x/f.jar %zz\n'
    const jar = indexJar('a.jar', [entry('META-INF/ME.SF')], { manifest }, 17)
    expect(jar).toMatchObject({ isSigned: true, isSealed: true, classPath: ['b.jar', 'c d.jar'] })
    expect(indexJar('a.jar', [entry('x/META-INF/ME.SF')], {}, 17).isSigned).toBe(false)
  })
})
