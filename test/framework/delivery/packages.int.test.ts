import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createFramework } from '../../../src/framework/framework.ts'
import type { FrameworkOptions } from '../../../src/framework/options/options.ts'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../src/local/cluster.ts'
import { dependencies, startMavenSite } from '../../coordinates/maven-site.ts'
import type { MavenSite } from '../../coordinates/maven-site.ts'
import { startNpmSite } from '../../coordinates/npm-site.ts'
import type { NpmSite } from '../../coordinates/npm-site.ts'

let maven: MavenSite
let npm: NpmSite
let cluster: LocalCluster

beforeEach(async () => {
  maven = await startMavenSite()
  npm = await startNpmSite()
  cluster = await startLocalCluster({
    open: true,
    agents: 1,
    allocationIntervalMs: 50,
    executorEnvironment: () => ({ JARCAST_CACHE_DIR: join(maven.folder, 'host') }),
  })
})
afterEach(async () => {
  await cluster.close()
  await npm.close()
  await maven.close()
})

async function optionsOf(libraries: readonly string[]): Promise<FrameworkOptions> {
  const mavenSettings = join(maven.folder, 'settings.xml')
  const mirror = `<mirror><id>site</id><mirrorOf>*</mirrorOf><url>${maven.url}</url></mirror>`
  await writeFile(mavenSettings, `<settings><mirrors>${mirror}</mirrors></settings>`)
  const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`
  return {
    master: cluster.url,
    libraries,
    packages: { mavenSettings, cacheFolder: join(maven.folder, 'cache'), localRepository: false },
    executor: { node: process.execPath, environment: { PATH: path } },
  }
}

it('packages by coordinate reach tasks with all that they need', async () => {
  maven.add('g:a:1', dependencies('g:b:1'))
  maven.add('g:b:1', '', 'the bytes of b')
  await npm.add('x@1.0.0', { dependencies: { y: '^1.0.0' } })
  for (const version of ['1.0.0', '2.0.0']) await npm.add(`y@${version}`)
  const tasks = join(maven.folder, 'tasks.mjs')
  await writeFile(
    tasks,
    `import { createRequire } from 'node:module'
import x from 'x'
import y from 'y'
const require = createRequire(import.meta.url)
export const versions = () => [x, y, createRequire(require.resolve('x'))('y')]
`,
  )
  const options = await optionsOf([tasks, 'maven:g:a:1', 'npm:x', 'npm:y@2'])
  const framework = createFramework({ ...options, journal: join(maven.folder, 'journal') })
  const fetched = new Set<string>()
  const shipped: string[] = []
  framework.on('package.fetching', (progress) => fetched.add(progress.package))
  framework.on('library.fetched', ({ name }) => shipped.push(name))
  try {
    const versions = { kind: 'js', module: 'tasks.mjs', export: 'versions', args: [] } as const
    expect(await framework.run({ work: versions })).toEqual(['x@1.0.0', 'y@2.0.0', 'y@1.0.0'])
    const command = `test "$(cat "$JARCAST_LIBRARIES/b-1.jar")" = 'the bytes of b' && echo "$JARCAST_CLASSPATH" | grep -q 'a-1.jar:.*b-1.jar$'`
    await framework.run({ work: { kind: 'shell', command } })
    expect(shipped.toSorted()).toEqual([
      'a-1.jar',
      'b-1.jar',
      'tasks.mjs',
      'x-1.0.0.tgz',
      'y-2.0.0.tgz',
    ])
    expect([...fetched]).toEqual(expect.arrayContaining(['maven:g:b:1', 'npm:x@1.0.0']))
    const lock = await readFile(join(maven.folder, 'journal', 'jarcast.lock.json'), 'utf8')
    expect(JSON.parse(lock)).toMatchObject({ maven: { classPath: ['g:a:1', 'g:b:1'] } })
  } finally {
    await framework.stop()
  }
})

it('packages are added with all that they need while a framework runs', async () => {
  maven.add('g:a:1', dependencies('g:b:1'))
  maven.add('g:b:1', '', 'the bytes of b')
  const note = join(maven.folder, 'note.txt')
  await writeFile(note, 'first')
  const framework = createFramework(await optionsOf([note]))
  try {
    const set = await framework.libraries.add('maven:g:a:1')
    expect(set.libraries.map(({ name }) => name)).toEqual(['note.txt', 'a-1.jar', 'b-1.jar'])
    expect(framework.libraries.current).toEqual(set)
    const command = `test "$(cat "$JARCAST_LIBRARIES/b-1.jar")" = 'the bytes of b'`
    await framework.run({ work: { kind: 'shell', command } })
    expect(await framework.libraries.add('maven:g:b:1')).toEqual(set)
    await expect(framework.libraries.add('maven:g:none:1')).rejects.toMatchObject({
      code: 'PACKAGE_NOT_FOUND',
    })
    await expect(framework.libraries.replace('a-1.jar', 'maven:g:a:1')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    })
    expect(framework.libraries.current).toEqual(set)
  } finally {
    await framework.stop()
  }
})

it('a package that cannot be had ends the start before anything is registered', async () => {
  const framework = createFramework(await optionsOf(['maven:g:gone:1']))
  await expect(framework.start()).rejects.toMatchObject({ code: 'PACKAGE_NOT_FOUND' })
  expect(framework.frameworkId).toBeUndefined()
  await framework.stop()
})
