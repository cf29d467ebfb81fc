import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dependencies, managed, parent, startMavenSite } from '../../maven-site.ts'
import type { MavenSite } from '../../maven-site.ts'
import { idsOf, resolveFrom } from '../../resolve-from.ts'

let site: MavenSite

beforeEach(async () => {
  site = await startMavenSite()
})
afterEach(async () => {
  await site.close()
})

async function closure(...packages: readonly string[]): Promise<readonly string[]> {
  return idsOf(await resolveFrom(site, packages))
}

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
