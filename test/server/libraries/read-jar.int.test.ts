import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hasTool, javaCommand } from '../../../scripts/support/machine.mjs'
import { resolvePackages } from '../../../src/coordinates/resolve-packages.ts'
import { findClassPathConflicts } from '../../../src/domain/class-path/class-path-conflicts.ts'
import type { ClassPathReport } from '../../../src/domain/class-path/class-path-conflicts.ts'
import { readJar } from '../../../src/server/libraries/read-jar.ts'
import { openCentral } from '../../coordinates/maven-central.ts'
import { compilerJar } from '../../support/java.ts'
import { makeZip } from '../../support/archives/zip.ts'
import type { ZipMember } from '../../support/archives/zip.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-jars-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(name: string, members: readonly ZipMember[]): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, makeZip(members))
  return path
}

async function reportOf(paths: readonly string[]): Promise<ClassPathReport> {
  const jars = await Promise.all(paths.map((path) => readJar(path, basename(path))))
  return findClassPathConflicts(jars)
}

/** In which jar a JVM finds each class; undefined, and said so, without a compiler to ask it with. */
async function askJvm(
  paths: readonly string[],
  classes: readonly string[],
): Promise<ReadonlyMap<string, string> | undefined> {
  if (!hasTool('javac')) return undefined
  const source = join(folder, 'Where.java')
  await writeFile(
    source,
    `class Where {
  public static void main(String[] args) {
    var names = new java.util.Scanner(System.in);
    while (names.hasNext()) {
      var name = names.next();
      System.out.println(name + " " + ClassLoader.getSystemResource(name.replace('.', '/') + ".class"));
    }
  }
}
`,
  )
  const { stdout, status, stderr } = spawnSync(javaCommand, ['-cp', paths.join(':'), source], {
    input: classes.join('\n'),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  expect([status, stderr]).toEqual([0, ''])
  const lines = stdout.trim().split('\n')
  return new Map(
    lines.map((line) => {
      const [name = '', url = ''] = line.split(' ')
      return [name, /\/([^/]+\.jar)!/.exec(url)?.[1] ?? url]
    }),
  )
}

async function expectAsJvm(report: ClassPathReport, paths: readonly string[]): Promise<void> {
  const told = report.duplicates.flatMap(({ used, different, identical }) =>
    [...different, ...identical].map((name) => [name, used] as const),
  )
  const found = await askJvm(
    paths,
    told.map(([name]) => name),
  )
  if (found !== undefined) expect(new Map(told)).toEqual(found)
}

describe('readJar', () => {
  it('reads a real jar with thousands of classes', async () => {
    const jar = await readJar(compilerJar, 'compiler.jar')
    expect(jar.classes.size).toBeGreaterThan(5000)
    expect(jar.classes.has('com/google/common/base/Joiner')).toBe(true)
    expect(jar.artifacts).toContainEqual(
      expect.objectContaining({ source: 'pom', id: 'com.google.protobuf:protobuf-java' }),
    )
  })

  it('says why a file is no jar', async () => {
    const path = join(folder, 'a.jar')
    await writeFile(path, 'no jar')
    expect(await readJar(path, 'a.jar')).toMatchObject({
      fault: 'zip archive: no end of a zip directory',
      artifacts: [],
    })
    await expect(readJar(join(folder, 'gone.jar'), 'gone.jar')).rejects.toMatchObject({
      code: 'LIBRARY_NOT_FOUND',
    })
  })

  it('knows the classes of jars whose texts are broken', async () => {
    const path = await write('a.jar', [
      { name: 'META-INF/MANIFEST.MF', content: 'Sealed: true\n', crc32: 1 },
      { name: 'META-INF/maven/g/a/pom.properties', content: 'x'.repeat(100_000) },
      { name: 'x/A.class', content: 'a' },
    ])
    const jar = await readJar(path, 'a.jar')
    expect([...jar.classes.keys()]).toEqual(['x/A'])
    expect(jar).toMatchObject({ isSealed: false, artifacts: [] })
  })
})

describe('findClassPathConflicts', () => {
  it('finds classes where a JVM does', async () => {
    const manifest = (text: string): ZipMember => ({
      name: 'META-INF/MANIFEST.MF',
      content: `Manifest-Version: 1.0\n${text}\n`,
    })
    const paths = [
      await write('a.jar', [manifest('Class-Path: c.jar\n'), { name: 'x/A.class', content: 'a' }]),
      await write('b.jar', [
        { name: 'x/A.class', content: 'b' },
        { name: 'x/B.class', content: 'b' },
        { name: 'x/New.class', content: 'b' },
      ]),
      await write('c.jar', [
        manifest('Multi-Release: true\n'),
        { name: 'x/B.class', content: 'c' },
        { name: 'META-INF/versions/9/x/New.class', content: 'c' },
        { name: 'META-INF/versions/9/x/B.class', content: 'b' },
      ]),
    ]
    const report = await reportOf(paths)
    expect(report.duplicates).toEqual([
      { used: 'a.jar', unused: ['b.jar'], different: ['x.A'], identical: [] },
      { used: 'c.jar', unused: ['b.jar'], different: ['x.New'], identical: ['x.B'] },
    ])
    await expectAsJvm(report, paths)
  })

  it('finds guava inside of the closure compiler', async ({ skip }) => {
    const central = await openCentral(join(folder, 'central'))
    if (central === undefined) return skip('needs Maven Central')
    central.close()
    const coordinate = 'maven:com.google.guava:guava:31.1-jre'
    const { packages } = await resolvePackages(
      { packages: [coordinate] },
      { cacheFolder: join(folder, 'cache'), localRepository: false },
    )
    const guava = packages.find(({ name }) => /^guava-31.1-jre.jar$/.test(name))?.file ?? ''
    const paths = [guava, compilerJar]
    const report = await reportOf(paths)
    const [found] = report.duplicates
    const shared = (found?.different.length ?? 0) + (found?.identical.length ?? 0)
    expect(found?.unused).toEqual(['compiler.jar'])
    expect(shared).toBeGreaterThan(1500)
    expect(report.isHarmful).toBe(true)
    await expectAsJvm(report, paths)
  })
})
