import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dependencies, exclusions, managed, startMavenSite } from '../../maven-site.ts'
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
