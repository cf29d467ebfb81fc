import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dependencies, startMavenSite } from '../../maven-site.ts'
import type { MavenSite } from '../../maven-site.ts'
import { idsOf, resolveFrom } from '../../resolve-from.ts'

let site: MavenSite
const withSnapshots =
  '<profiles><profile><id>p</id><repositories><repository><id>snap</id><url>https://snap.test/</url></repository></repositories></profile></profiles><activeProfiles><activeProfile>p</activeProfile></activeProfiles>'

beforeEach(async () => {
  site = await startMavenSite()
})
afterEach(async () => {
  await site.close()
})

async function closure(...packages: readonly string[]): Promise<readonly string[]> {
  return idsOf(await resolveFrom(site, packages))
}

describe('artifacts', () => {
  it('have types and classifiers', async () => {
    site.add(
      'g:root:1',
      dependencies(
        ['g:a:1', '<type>test-jar</type>'],
        ['g:b:1', '<classifier>linux-x86_64</classifier>'],
        ['g:c:1', '<type>bundle</type>'],
        ['g:d:1', '<type>maven-plugin</type>'],
        ['g:e:1', '<type>pom</type>'],
        ['g:f:1', '<type>zip</type>'],
      ),
    )
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) site.add(`g:${name}:1`)
    site.files.set('g/a/1/a-1-tests.jar', 'tests')
    site.files.set('g/b/1/b-1-linux-x86_64.jar', 'native')
    site.files.set('g/f/1/f-1.zip', 'zip')
    const { packages } = await resolveFrom(site, ['maven:g:root:1'])
    expect(packages.map(({ name, kind }) => [name, kind])).toEqual([
      ['root-1.jar', 'jar'],
      ['a-1-tests.jar', 'jar'],
      ['b-1-linux-x86_64.jar', 'jar'],
      ['c-1.jar', 'jar'],
      ['d-1.jar', 'jar'],
      ['e-1.pom', undefined],
      ['f-1.zip', 'file'],
    ])
  })

  it('of type war have no dependencies', async () => {
    site.add('g:root:1', dependencies(['g:a:1', '<type>war</type>']))
    site.add('g:a:1', dependencies('g:b:1'))
    site.files.set('g/a/1/a-1.war', 'war')
    expect(await closure('maven:g:root:1')).toEqual(['g:root:1', 'g:a:war:1'])
  })

  it('follow relocations', async () => {
    const moved =
      '<distributionManagement><relocation><groupId>new</groupId></relocation></distributionManagement>'
    site.add('old:a:1', moved)
    site.add('new:a:1', dependencies('g:b:1'))
    site.add('g:b:1')
    site.add('g:root:1', dependencies('old:a:1', 'g:c:1'))
    site.add('g:c:1', dependencies('new:a:2'))
    site.add('new:a:2')
    expect(await closure('maven:g:root:1')).toEqual(['g:root:1', 'new:a:1', 'g:b:1', 'g:c:1'])
  })

  it('have unique file names', async () => {
    site.add('g:root:1', dependencies('one:util:1', 'two:util:1'))
    site.add('one:util:1')
    site.add('two:util:1')
    const { packages } = await resolveFrom(site, ['maven:g:root:1'])
    expect(packages.map(({ name }) => name)).toEqual([
      'root-1.jar',
      'one.util-1.jar',
      'two.util-1.jar',
    ])
  })

  it('of snapshots are the newest build', async () => {
    const builds = ['jar', 'pom'].map(
      (extension) =>
        `<snapshotVersion><extension>${extension}</extension><value>1-20240102.030405-7</value><updated>20240102030405</updated></snapshotVersion>`,
    )
    site.files.set(
      'g/a/1-SNAPSHOT/maven-metadata.xml',
      `<metadata><versioning><snapshotVersions>${builds.join('')}</snapshotVersions></versioning></metadata>`,
    )
    const base = 'g/a/1-SNAPSHOT/a-1-20240102.030405-7'
    site.files.set(
      `${base}.pom`,
      `<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId><version>1-SNAPSHOT</version>${dependencies('g:b:1')}</project>`,
    )
    site.files.set(`${base}.jar`, 'build 7')
    site.add('g:b:1')
    const { lock } = await resolveFrom(site, ['maven:g:a:1-SNAPSHOT'], { settings: withSnapshots })
    expect(lock.maven?.artifacts['g:a:1-SNAPSHOT']).toMatchObject({
      name: 'a-1-SNAPSHOT.jar',
      path: `${base}.jar`,
    })
    expect(lock.maven?.classPath).toEqual(['g:a:1-SNAPSHOT', 'g:b:1'])
  })
})
