import { describe, expect, it } from 'vitest'
import { dependencies, exclusions, managed, parent } from '../maven-site.ts'
import { resolveTexts } from './resolve-texts.ts'

const needsX = dependencies('g:x:1')
const importOf = (gav: string): readonly [string, string] => [
  gav,
  '<type>pom</type><scope>import</scope>',
]
const relocated = (body: string): string =>
  `<distributionManagement><relocation>${body}</relocation></distributionManagement>`
const profiled = (activation: string): string =>
  `<profiles><profile><id>p</id><activation>${activation}</activation>${needsX}</profile></profiles>`

/** The resolved dependencies of `g:root:1`. */
async function needsOf(
  body: string,
  others: Readonly<Record<string, string>> = { 'g:x:1': '' },
): Promise<readonly string[]> {
  const { ids } = await resolveTexts({ 'g:root:1': body, ...others })
  return ids.slice(1)
}

describe('scopes that Maven does not know', () => {
  it('count as runtime, also for dependencies below', async () => {
    const found = await resolveTexts({
      'g:root:1': dependencies('g:a:1', ['g:b:1', '<scope>shaded</scope>']),
      'g:a:1': dependencies(['g:x:1', '<scope>optional</scope>'], ['g:t:1', '<scope>Test</scope>']),
      'g:b:1': dependencies('g:c:1'),
      'g:c:1': '',
      'g:x:1': '',
      'g:t:1': '',
    })
    expect(found.ids).toEqual(['g:root:1', 'g:a:1', 'g:x:1', 'g:t:1', 'g:b:1', 'g:c:1'])
    expect(new Set(Object.values(found.scopes).slice(2))).toEqual(new Set(['runtime']))
    expect(found.warnings).toContain(
      'g:a:1 has g:x in scope "optional", which Maven does not know: taken as runtime',
    )
  })

  it('lose against known scopes', async () => {
    const { scopes } = await resolveTexts({
      'g:root:1': dependencies('g:a:1', 'g:b:1'),
      'g:a:1': dependencies(['g:x:1', '<scope>optional</scope>']),
      'g:b:1': needsX,
      'g:x:1': '',
    })
    expect(scopes['g:x:1']).toBe('compile')
  })
})

describe('POMs that Maven refuses', () => {
  const twice = [
    ['version', dependencies(['g:x:1', '<version>1</version>'])],
    ['dependencies', needsX + needsX],
    ['properties', `<properties/><properties/>${needsX}`],
    ['name', `<name>a</name><name>a</name>${needsX}`],
    ['plugins', `<build><plugins/><plugins/></build>${needsX}`],
    ['email', `<developers><developer><email/><email/></developer></developers>${needsX}`],
  ] as const
  it.each(twice)('have <%s> twice', async (name, body) => {
    const { ids, warnings } = await resolveTexts({ 'g:root:1': body, 'g:x:1': '' })
    expect(ids).toEqual(['g:root:1'])
    expect(warnings.join()).toContain(`<${name}> occurs twice`)
  })

  const others = [
    ['a value that refers to itself', `<properties><a>\${a}</a></properties>${needsX}`],
    [
      'values that refer to each other',
      `<properties><a>\${b}</a><b>\${a}</b></properties>${needsX}`,
    ],
    ['a name that refers to itself', `<name>\${project.name}</name>${needsX}`],
    ['an address that refers to itself', `<scm><url>\${project.scm.url}</url></scm>${needsX}`],
    ['elements in a text', dependencies(['g:x:1', '<scope>a<b/></scope>'])],
    ['text between dependencies', needsX.replace('<dependency>', 'a<dependency>')],
    ['elements in a property', `<properties><a><b/></a></properties>${needsX}`],
    ['a parent without a name', `<parent/>${needsX}`],
    ['modules, and is a jar', `<modules><module>a</module></modules>${needsX}`],
    ['an empty dependency', `<dependencies><dependency/></dependencies>`],
    ['an import without a version', managed(importOf('g:bom')) + needsX],
    ['a property without a name', needsX + profiled('<property/>')],
    ['a JDK that is not a number', needsX + profiled('<jdk>[17,x]</jdk>')],
    ['an empty classifier', managed('g:x:1') + dependencies(['g:x', '<classifier/>'])],
  ] as const
  it.each(others)('have %s', async (_, body) => {
    const { ids, warnings } = await resolveTexts({ 'g:root:1': body, 'g:x:1': '' })
    expect(ids).toEqual(['g:root:1'])
    expect(warnings.join()).toContain('the POM of g:root:1 is invalid, taken without dependencies')
  })

  it.each(['g:p:1', 'g:root:1'])('have a parent whose packaging is not pom: %s', async (gav) => {
    const text = parent('g:p:1')
    expect(
      await needsOf(gav === 'g:p:1' ? text + needsX : parent('g:mid:1') + needsX, {
        'g:p:1': '',
        'g:mid:1': `<packaging>pom</packaging>${text}`,
        'g:x:1': '',
      }),
    ).toEqual([])
  })

  it('are their own parent, in another version', async () => {
    const pom = '<packaging>pom</packaging>'
    expect(await needsOf(parent('g:root:0') + needsX, { 'g:root:0': pom, 'g:x:1': '' })).toEqual([])
  })

  it('import BOMs in a circle', async () => {
    const { ids, warnings } = await resolveTexts({
      'g:root:1': managed('g:x:1', importOf('g:one:1')) + dependencies('g:x'),
      'g:one:1': managed(importOf('g:two:1')),
      'g:two:1': managed(importOf('g:one:1')),
      'g:x:1': '',
    })
    expect(ids).toEqual(['g:root:1'])
    expect(warnings.join()).toContain('g:root:1 imports g:one:1 imports g:two:1 imports g:one:1')
  })

  it('have a range as parent version, and no version of their own', async () => {
    const ranged = parent('g:p:[1,3)')
    const others = { 'g:p:2': `<packaging>pom</packaging>${managed('g:x:1')}`, 'g:x:1': '' }
    const whole = (version: string): string =>
      `<project><modelVersion>4.0.0</modelVersion>${ranged}<artifactId>root</artifactId>${version}${dependencies('g:x')}</project>`
    expect(await needsOf(whole(''), others)).toEqual([])
    expect(await needsOf(whole('<version>${project.parent.version}</version>'), others)).toEqual([])
    expect(await needsOf(whole('<version>1</version>'), others)).toEqual(['g:x:1'])
  })

  it('are not relocated', async () => {
    const moved = relocated('<artifactId>b</artifactId>') + dependencies('g:y')
    expect(await needsOf(dependencies('g:a:1'), { 'g:a:1': moved, 'g:b:1': '' })).toEqual(['g:a:1'])
  })
})

describe('unusual POMs that Maven accepts', () => {
  const fine = [
    ['unknown elements, twice', `<foo/><foo><bar/><bar/></foo>${needsX}`],
    ['a property twice', `<properties><v>9</v><v>1</v></properties>${dependencies('g:x:${v}')}`],
    ['text between its elements', `text${needsX}text`],
    ['settings of plugins twice', plugin('<configuration><a/><a/></configuration>') + needsX],
    [
      'the name of a system property',
      `<properties><java.version>\${java.version}</java.version></properties>${needsX}`,
    ],
    [
      'a version of the project',
      `<properties><version>\${project.version}</version></properties>${dependencies('g:x:${version}')}`,
    ],
    ['a dot before a name', `<properties><v>1</v></properties>${dependencies('g:x:${.v}')}`],
    [
      'a colon in a name',
      `<properties><a:b>1</a:b></properties>${dependencies('g:x:@').replace('@', '${a:b}')}`,
    ],
    [
      'another root',
      `<project><modelVersion>4.0.0</modelVersion><groupId>o</groupId><artifactId>o</artifactId><version>1</version>${needsX}</project>`
        .replaceAll('project>', 'pom>')
        .replace('<pom>', '<?xml version="1.0"?><pom>'),
    ],
    ['a parent RELEASE', parent('g:p:RELEASE') + dependencies('g:x')],
    ['a BOM LATEST', managed(importOf('g:p:LATEST')) + dependencies('g:x')],
  ] as const
  it.each(fine)('have %s', async (_, body) => {
    const pom = `<packaging>pom</packaging>${managed('g:x:1')}`
    expect(
      await needsOf(body, { 'g:p:1': '<packaging>pom</packaging>', 'g:p:2': pom, 'g:x:1': '' }),
    ).toEqual(['g:x:1'])
  })

  it('write true in upper or lower case', async () => {
    const optional = (written: string): readonly [string, string] => [
      `g:${written}:1`,
      `<optional>${written}</optional>`,
    ]
    const names = ['TRUE', 'True', 'yes', '1']
    const poms = Object.fromEntries(names.map((name) => [`g:${name}:1`, '']))
    expect(await needsOf(dependencies(...names.map(optional)), poms)).toEqual(['g:yes:1', 'g:1:1'])
  })

  it('have types with and without dependencies', async () => {
    const types = ['par', 'war', 'ear', 'rar', 'zip']
    const poms = Object.fromEntries(
      types.flatMap((type) => [
        [`g:${type}:1`, dependencies(`g:of-${type}:1`)],
        [`g:of-${type}:1`, ''],
      ]),
    )
    const found = await needsOf(
      dependencies(...types.map((type) => [`g:${type}:1`, `<type>${type}</type>`] as const)),
      poms,
    )
    expect(found.filter((id) => id.startsWith('g:of-'))).toEqual(['g:of-par:1', 'g:of-zip:1'])
  })

  it('override the classifier of the type with an empty one', async () => {
    const body = dependencies(['g:x:1', '<type>test-jar</type><classifier/>'])
    expect(await needsOf(body)).toEqual(['g:x:1'])
  })

  it('are relocated; exclusions match old and new names', async () => {
    const poms = { 'g:a:1': relocated('<artifactId>b</artifactId>'), 'g:b:1': needsX, 'g:x:1': '' }
    const without = (name: string): Promise<readonly string[]> =>
      needsOf(dependencies(['g:q:1', exclusions(name)]), {
        'g:q:1': dependencies('g:a:1'),
        ...poms,
      })
    expect(await without('g:a')).toEqual(['g:q:1'])
    expect(await without('g:b')).toEqual(['g:q:1'])
    expect(await without('g:c')).toEqual(['g:q:1', 'g:b:1', 'g:x:1'])
  })
})

describe('activation of profiles', () => {
  const active = [
    '<file><exists>${user.dir}</exists></file>',
    '<file><exists>${java.home}/lib</exists></file>',
    '<file><missing>${java.home}/../lib/tools.jar</missing></file>',
    '<file><missing>/nothing/such</missing></file>',
    '<property><name>java.vendor</name></property>',
    '<property><name>user.home</name></property>',
    '<property><name>sun.arch.data.model</name><value>64</value></property>',
    '<jdk>[1.8]</jdk>',
    '<jdk>[1.6,1.8</jdk>',
    '<jdk>(17.0.14,17.0.15]</jdk>',
    '<os><family>Unix</family><arch>amd64</arch></os>',
    '<activeByDefault>TRUE</activeByDefault>',
  ]
  it.each(active)('is met by %s', async (activation) => {
    expect(await needsOf(profiled(activation))).toEqual(['g:x:1'])
  })

  const inactive = [
    '<file><exists>/nothing/such</exists></file>',
    '<file><missing>${basedir}/src</missing></file>',
    '<file><missing>src/main</missing></file>',
    '<file><missing>${user.dir}</missing></file>',
    '<property><name>env.PATH</name></property>',
    '<property><name>!java.vendor</name></property>',
    '<jdk>17</jdk><os/>',
    '<jdk>17</jdk><file/>',
    '<jdk>[1.8,17.0.15)</jdk>',
    '<activeByDefault>yes</activeByDefault>',
  ]
  it.each(inactive)('is not met by %s', async (activation) => {
    expect(await needsOf(profiled(activation))).toEqual([])
  })
})

describe('errors', () => {
  const errorOf = async (poms: Readonly<Record<string, string>>): Promise<unknown> =>
    await resolveTexts(poms).catch((error: unknown) => error)

  it('name an artifact with circular relocations', async () => {
    const error = await errorOf({
      'g:root:1': dependencies('g:a:1'),
      'g:a:1': relocated('<artifactId>b</artifactId>'),
      'g:b:1': relocated('<artifactId>a</artifactId>'),
    })
    expect(error).toMatchObject({
      code: 'PACKAGE_UNRESOLVABLE',
      message: expect.stringContaining('the relocations of g:a:1 form a circle'),
    })
  })

  it('name the POM with the unresolvable dependency', async () => {
    const found = [
      await errorOf({ 'g:root:1': dependencies('g:a:1'), 'g:a:1': dependencies('g:x:[1') }),
      await errorOf({ 'g:root:1': dependencies('g:a:1'), 'g:a:1': dependencies('g:x:[1,2)') }),
      await errorOf({
        'g:root:1': dependencies('g:a:1'),
        'g:a:1': dependencies('g:x:1'),
        'g:x:1': parent('g:gone:1'),
      }),
    ]
    for (const error of found) {
      expect(error).toMatchObject({
        code: expect.stringMatching(/^PACKAGE_/),
        message: expect.stringContaining('(dependency g:x of g:a:1)'),
        details: { neededBy: 'g:a:1' },
      })
    }
  })
})

function plugin(body: string): string {
  return `<build><plugins><plugin><artifactId>a</artifactId>${body}</plugin></plugins></build>`
}
