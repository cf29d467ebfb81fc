import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dependencies, exclusions, managed, parent, startMavenSite } from '../maven-site.ts'
import type { MavenSite } from '../maven-site.ts'
import { idsOf, resolveFrom } from '../resolve-from.ts'

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

describe('versions', () => {
  it('chooses the nearest, not the newest', async () => {
    site.add('g:root:1', dependencies('g:near:1', 'g:c:1'))
    site.add('g:near:1', dependencies('g:far:1'))
    site.add('g:far:1', dependencies('g:c:9'))
    site.add('g:c:1')
    site.add('g:c:9')
    expect(await closure('maven:g:root:1')).toEqual(['g:root:1', 'g:near:1', 'g:far:1', 'g:c:1'])
  })

  it('chooses the first of equally near ones', async () => {
    site.add('g:root:1', dependencies('g:a:1', 'g:b:1'))
    site.add('g:a:1', dependencies('g:c:1'))
    site.add('g:b:1', dependencies('g:c:2'))
    site.add('g:c:1')
    site.add('g:c:2')
    const { lock, packages } = await resolveFrom(site, ['maven:g:root:1'])
    expect(packages.map(({ id }) => id)).toContain('maven:g:c:1')
    expect(lock.maven?.conflicts).toEqual([
      { used: 'g:c:1', unused: [{ version: '2', neededBy: 'g:b:1' }] },
    ])
  })

  it('drops dependencies that only a loser needs', async () => {
    site.add('g:root:1', dependencies('g:a:1', 'g:c:2'))
    site.add('g:a:1', dependencies('g:c:1'))
    site.add('g:c:1', dependencies('g:old:1'))
    site.add('g:c:2')
    site.add('g:old:1')
    expect(await closure('maven:g:root:1')).toEqual(['g:root:1', 'g:a:1', 'g:c:2'])
  })

  it('chooses requested versions over all others', async () => {
    site.add('g:a:1', dependencies('g:c:5'))
    site.add('g:c:1')
    site.add('g:c:5')
    expect(await closure('maven:g:a:1', 'maven:g:c:1')).toEqual(['g:a:1', 'g:c:1'])
  })

  it('ends when projects depend on each other', async () => {
    site.add('g:a:1', dependencies('g:b:1'))
    site.add('g:b:1', dependencies('g:c:1'))
    site.add('g:c:1', dependencies('g:a:2', 'g:d:1'))
    site.add('g:a:2', dependencies('g:e:1'))
    site.add('g:d:1')
    site.add('g:e:1')
    expect(await closure('maven:g:a:1')).toEqual(['g:a:1', 'g:b:1', 'g:c:1', 'g:d:1'])
  })

  it('takes the newest version of a range', async () => {
    site.add('g:root:1', dependencies('g:a:[1,2)'))
    site.list('g:a', ['1.0', '1.5', '2.0', '2.1'])
    for (const version of ['1.0', '1.5', '2.0', '2.1']) site.add(`g:a:${version}`)
    expect(await closure('maven:g:root:1')).toEqual(['g:root:1', 'g:a:1.5'])
  })

  it('chooses a version in a range over a nearer preference', async () => {
    site.add('g:root:1', dependencies('g:a:1', 'g:b:1'))
    site.add('g:b:1', dependencies('g:c:1'))
    site.add('g:c:1', dependencies('g:a:[2,3]'))
    site.list('g:a', ['1', '2', '3', '4'])
    for (const version of ['1', '2', '3', '4']) site.add(`g:a:${version}`)
    expect(await closure('maven:g:root:1')).toContain('g:a:3')
  })

  it('names the requirements when no version meets all', async () => {
    site.add('g:root:1', dependencies('g:b:1', 'g:c:1'))
    site.add('g:b:1', dependencies('g:a:[1]'))
    site.add('g:c:1', dependencies('g:a:[2]'))
    site.list('g:a', ['1', '2'])
    site.add('g:a:1')
    site.add('g:a:2')
    await expect(closure('maven:g:root:1')).rejects.toMatchObject({
      code: 'PACKAGE_UNRESOLVABLE',
      message: 'no version of maven:g:a meets all requirements: [1] by g:b:1, [2] by g:c:1',
    })
  })

  it('names a range without versions', async () => {
    site.add('g:root:1', dependencies('g:a:[5,)'))
    site.list('g:a', ['1'])
    await expect(closure('maven:g:root:1')).rejects.toMatchObject({ code: 'PACKAGE_UNRESOLVABLE' })
  })

  it('ignores metadata that is not XML, with a warning', async () => {
    site.add('g:root:1', dependencies('g:a:1-SNAPSHOT'))
    site.add('g:a:1-SNAPSHOT')
    site.files.set('g/a/1-SNAPSHOT/maven-metadata.xml', '<metadata><versioning>')
    const found = await resolveFrom(site, ['maven:g:root:1'], { settings: withSnapshots })
    expect(idsOf(found)).toEqual(['g:root:1', 'g:a:1-SNAPSHOT'])
    expect(found.warnings.join()).toContain('ignored the metadata of repository site')
    site.add('g:root:2', dependencies('g:a:[1,2]'))
    site.files.set('g/a/maven-metadata.xml', '<metadata><versioning>')
    await expect(closure('maven:g:root:2')).rejects.toMatchObject({
      code: 'PACKAGE_UNRESOLVABLE',
      message: 'maven:g:a has no version in [1,2] (dependency g:a of g:root:2)',
    })
  })

  it('looks up the newest release when no version is given', async () => {
    site.list('g:a', ['1.0', '1.1'])
    site.add('g:a:1.1')
    expect(await closure('maven:g:a')).toEqual(['g:a:1.1'])
  })
})

describe('scopes', () => {
  it('leaves out test, provided, system and optional dependencies', async () => {
    site.add(
      'g:root:1',
      dependencies(
        ['g:test:1', '<scope>test</scope>'],
        ['g:provided:1', '<scope>provided</scope>'],
        ['g:optional:1', '<optional>true</optional>'],
        ['g:system:1', '<scope>system</scope><systemPath>/lib/x.jar</systemPath>'],
        ['g:runtime:1', '<scope>runtime</scope>'],
        'g:compile:1',
      ),
    )
    for (const name of ['runtime', 'compile']) site.add(`g:${name}:1`)
    expect(await closure('maven:g:root:1')).toEqual(['g:root:1', 'g:runtime:1', 'g:compile:1'])
  })

  it('gives the wider of two scopes', async () => {
    site.add('g:root:1', dependencies(['g:a:1', '<scope>runtime</scope>'], 'g:b:1'))
    site.add('g:a:1', dependencies('g:c:1'))
    site.add('g:b:1', dependencies('g:c:1'))
    site.add('g:c:1')
    const { lock } = await resolveFrom(site, ['maven:g:root:1'])
    expect(lock.maven?.artifacts['g:a:1']?.scope).toBe('runtime')
    expect(lock.maven?.artifacts['g:c:1']?.scope).toBe('compile')
  })
})

describe('exclusions', () => {
  it('apply to all dependencies below, and no others', async () => {
    site.add('g:root:1', dependencies(['g:a:1', exclusions('g:c')], 'g:b:1'))
    site.add('g:a:1', dependencies('g:c:1', 'g:d:1'))
    site.add('g:d:1', dependencies('g:c:2'))
    site.add('g:b:1', dependencies('g:c:3'))
    site.add('g:c:3')
    expect(await closure('maven:g:root:1')).toEqual([
      'g:root:1',
      'g:a:1',
      'g:d:1',
      'g:b:1',
      'g:c:3',
    ])
  })

  it('may have wildcards', async () => {
    site.add('g:root:1', dependencies(['g:a:1', exclusions('h:*')], ['g:b:1', exclusions('*:*')]))
    site.add('g:a:1', dependencies('h:x:1', 'g:d:1'))
    site.add('g:b:1', dependencies('g:e:1'))
    site.add('g:d:1')
    expect(await closure('maven:g:root:1')).toEqual(['g:root:1', 'g:a:1', 'g:d:1', 'g:b:1'])
  })

  it('can be requested', async () => {
    site.add('g:root:1', dependencies('h:x:1', 'g:y:1'))
    site.add('g:y:1')
    const request = { packages: ['maven:g:root:1'], exclusions: ['h:*'] }
    expect(idsOf(await resolveFrom(site, request))).toEqual(['g:root:1', 'g:y:1'])
  })
})

describe('requested exclusions', () => {
  it('are named when they match nothing', async () => {
    site.add('g:root:1', dependencies('h:x:1', 'g:y:1'))
    site.add('g:y:1', dependencies(['t:t:1', '<scope>test</scope>']))
    const request = {
      packages: ['maven:g:root:1'],
      exclusions: ['h:*', 'h:x', 'h:y', 't:t', 'g:root'],
    }
    const { warnings } = await resolveFrom(site, request)
    const named = (name: string) => `the exclusion ${name} matches nothing; check its name`
    expect(warnings.toSorted()).toEqual(['g:root', 'h:y', 't:t'].map(named))
  })
})

describe('dependencyManagement', () => {
  it('completes version, scope and exclusions of own dependencies', async () => {
    const rule = managed(
      ['g:a:1', exclusions('g:b')],
      ['g:t:1', '<scope>test</scope>'],
      ['g:u:1', ''],
    )
    site.add('g:root:1', rule + dependencies('g:a', 'g:t', 'g:u:2'))
    site.add('g:a:1', dependencies('g:b:1', 'g:c:1'))
    site.add('g:c:1')
    site.add('g:u:2')
    expect(await closure('maven:g:root:1')).toEqual(['g:root:1', 'g:a:1', 'g:c:1', 'g:u:2'])
  })

  it('of a dependency applies to its own dependencies only', async () => {
    site.add('g:root:1', managed('g:b:9') + dependencies('g:a:1'))
    site.add('g:a:1', dependencies('g:b:1'))
    site.add('g:b:1')
    expect(await closure('maven:g:root:1')).toContain('g:b:1')
  })

  it('distinguishes types and classifiers', async () => {
    const rule = managed('g:a:1', ['g:a:2', '<classifier>x</classifier>'])
    site.add('g:root:1', rule + dependencies(['g:a', '<classifier>x</classifier>']))
    site.add('g:a:2')
    site.files.set('g/a/2/a-2-x.jar', 'x')
    expect(await closure('maven:g:root:1')).toEqual(['g:root:1', 'g:a:jar:x:2'])
  })

  it('is imported from BOMs, in order, after the own entries', async () => {
    const boms = ['g:bom1:1', 'g:bom2:1'].map(
      (gav) => [gav, '<type>pom</type><scope>import</scope>'] as const,
    )
    site.add('g:root:1', managed('g:a:1', ...boms) + dependencies('g:a', 'g:b', 'g:c'))
    site.add('g:bom1:1', managed('g:a:8', 'g:b:1'))
    site.add('g:bom2:1', managed('g:b:9', ['g:bom3:1', '<type>pom</type><scope>import</scope>']))
    site.add('g:bom3:1', `<properties><v>4</v></properties>${managed('g:c:${v}')}`)
    for (const gav of ['g:a:1', 'g:b:1', 'g:c:4']) site.add(gav)
    expect(await closure('maven:g:root:1')).toEqual(['g:root:1', 'g:a:1', 'g:b:1', 'g:c:4'])
  })

  it('of requested BOMs applies to the whole closure', async () => {
    site.add(
      'g:bom:1',
      managed('g:a:2', ['g:c:7', exclusions('g:d')], ['g:o:1', '<scope>test</scope>']),
    )
    site.add('g:a:2', dependencies('g:b:1'))
    site.add('g:b:1', dependencies('g:c:1', 'g:o:1'))
    site.add('g:c:7', dependencies('g:d:1'))
    const request = { packages: ['maven:g:a'], boms: ['maven:g:bom:1'] }
    expect(idsOf(await resolveFrom(site, request))).toEqual(['g:a:2', 'g:b:1', 'g:c:7'])
  })
})

describe('parents and properties', () => {
  it('are inherited, and overridden by the child', async () => {
    const properties = '<properties><a>1</a><b>1</b></properties>'
    site.add('g:top:1', `<packaging>pom</packaging>${properties}${managed('g:m:3')}`)
    site.add('g:mid:1', `<packaging>pom</packaging>${parent('g:top:1')}${dependencies('g:i:1')}`)
    site.add(
      'g:root:1',
      `${parent('g:mid:1')}<properties><b>2</b></properties>${dependencies('g:a:${a}', 'g:b:${b}', 'g:m')}`,
    )
    for (const gav of ['g:a:1', 'g:b:2', 'g:m:3', 'g:i:1']) site.add(gav)
    expect(await closure('maven:g:root:1')).toEqual([
      'g:root:1',
      'g:a:1',
      'g:b:2',
      'g:m:3',
      'g:i:1',
    ])
  })

  it('let a child override a property of managed versions', async () => {
    site.add(
      'g:top:1',
      `<packaging>pom</packaging><properties><v>1</v></properties>${managed('g:a:${v}')}`,
    )
    site.add(
      'g:root:1',
      `${parent('g:top:1')}<properties><v>2</v></properties>${dependencies('g:a')}`,
    )
    site.add('g:a:2')
    expect(await closure('maven:g:root:1')).toEqual(['g:root:1', 'g:a:2'])
  })

  it('include the project, its parent and nested values', async () => {
    site.add('g:top:7', '<packaging>pom</packaging><properties><revision>3</revision></properties>')
    site.add(
      'h:root:1',
      `${parent('g:top:7')}<properties><x>\${revision}.1</x></properties>${dependencies(
        '${project.parent.groupId}:a:${project.version}',
        '${pom.groupId}:b:${parent.version}',
        'g:c:${x}',
      )}`,
    )
    for (const gav of ['g:a:1', 'h:b:7', 'g:c:3.1']) site.add(gav)
    expect(await closure('maven:h:root:1')).toEqual(['h:root:1', 'g:a:1', 'h:b:7', 'g:c:3.1'])
  })

  it('take the newest parent in a range', async () => {
    site.list('g:top', ['1.0', '1.4', '2.0'])
    site.add('g:top:1.4', `<packaging>pom</packaging>${dependencies('g:a:1')}`)
    site.add('g:root:1', parent('g:top:[1,2)'))
    site.add('g:a:1')
    expect(await closure('maven:g:root:1')).toEqual(['g:root:1', 'g:a:1'])
  })

  it('name a missing parent', async () => {
    site.add('g:root:1', parent('g:gone:1'))
    await expect(closure('maven:g:root:1')).rejects.toMatchObject({
      code: 'PACKAGE_NOT_FOUND',
      message: 'maven:g:gone:1, the parent of g:root:1, is in none of the repositories',
    })
  })

  it('refuse circular parents', async () => {
    site.add('g:a:1', parent('g:b:1'))
    site.add('g:b:1', parent('g:a:1'))
    const { warnings } = await resolveFrom(site, ['maven:g:a:1'])
    expect(warnings.join()).toContain('form a circle')
  })
})

describe('profiles', () => {
  const profile = (activation: string, name: string): string =>
    `<profile><id>${name}</id><activation>${activation}</activation>${dependencies(`g:${name}:1`)}</profile>`

  it('are active by JDK, system and property', async () => {
    const profiles = [
      profile('<jdk>[1.8,18)</jdk>', 'range'),
      profile('<jdk>!17</jdk>', 'other'),
      profile('<os><family>unix</family></os>', 'unix'),
      profile('<os><family>!unix</family></os>', 'windows'),
      profile('<property><name>os.name</name><value>Linux</value></property>', 'linux'),
      profile('<property><name>!nothing.such</name></property>', 'unset'),
      profile('<activeByDefault>true</activeByDefault>', 'default'),
      profile('<file><exists>/nothing/such</exists></file>', 'file'),
    ]
    site.add('g:root:1', `<profiles>${profiles.join('')}</profiles>`)
    for (const name of ['range', 'unix', 'linux', 'unset', 'default']) site.add(`g:${name}:1`)
    const found = idsOf(await resolveFrom(site, ['maven:g:root:1'], { javaVersion: '17.0.2' }))
    expect(found).toEqual(['g:root:1', 'g:range:1', 'g:unix:1', 'g:linux:1', 'g:unset:1'])
  })

  it('are active by default when no other matches', async () => {
    const profiles = [
      profile('<jdk>1.4</jdk>', 'old'),
      profile('<activeByDefault>true</activeByDefault>', 'default'),
    ]
    site.add('g:root:1', `<profiles>${profiles.join('')}</profiles>`)
    site.add('g:default:1')
    expect(await closure('maven:g:root:1')).toEqual(['g:root:1', 'g:default:1'])
  })
})

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

describe('invalid POMs', () => {
  it('are ignored with a warning, as in Maven', async () => {
    site.add('g:root:1', dependencies('g:broken:1', 'g:versionless:1', 'g:none:1'))
    site.add('g:broken:1')
    site.files.set('g/broken/1/broken-1.pom', '<project><artifactId>broken')
    site.add('g:versionless:1', dependencies('g:x'))
    site.add('g:none:1')
    site.files.delete('g/none/1/none-1.pom')
    const found = await resolveFrom(site, ['maven:g:root:1'])
    expect(idsOf(found)).toEqual(['g:root:1', 'g:broken:1', 'g:versionless:1', 'g:none:1'])
    expect(found.warnings).toHaveLength(3)
    expect(found.warnings.join('\n')).toContain('the POM of g:versionless:1 is invalid')
  })

  it('never have entities expanded', async () => {
    site.add('g:a:1')
    site.files.set(
      'g/a/1/a-1.pom',
      `<!DOCTYPE project [<!ENTITY x SYSTEM "file:///etc/passwd">]><project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId><version>1</version>${dependencies('g:&x;:1')}</project>`,
    )
    const { packages, warnings } = await resolveFrom(site, ['maven:g:a:1'])
    expect(packages).toHaveLength(1)
    expect(warnings.join()).toContain('unknown entity')
  })

  it('may not name paths outside of the repository', async () => {
    site.add('g:root:1', dependencies('g:a:../../../etc'))
    await expect(closure('maven:g:root:1')).rejects.toMatchObject({ code: 'PACKAGE_UNRESOLVABLE' })
  })

  it('may not exceed the bounds', async () => {
    const levels = Array.from({ length: 20 }, (_, index) => {
      return `<p${index + 1}>${`\${p${index}}`.repeat(50)}</p${index + 1}>`
    })
    site.add(
      'g:root:1',
      `<properties><p0>x</p0>${levels.join('')}</properties>${dependencies('g:a:${p20}')}`,
    )
    const { warnings } = await resolveFrom(site, ['maven:g:root:1'])
    expect(warnings.join()).toContain('exceeds')
  })
})
