/**
 * The elements of a POM that Maven knows. Each may occur once, and has either text or elements;
 * Maven cannot read a POM that differs. Unknown elements are ignored.
 * Source: Maven's POM reference (model 4.0.0); Maven's "MavenXpp3Reader", not strict.
 */
import type { XmlElement } from '../../xml/elements.ts'

/**
 * Notation: `name` has text, `name:shape` elements, `name*item` a list of texts, `name*item:shape`
 * a list of elements, `name#` texts under any name, `name?` any content.
 */
const shapes: Readonly<Record<string, string>> = {
  project: `modelVersion parent:parent groupId artifactId version packaging name description url inceptionYear
    organization:organization licenses*license:license developers*developer:person contributors*contributor:person
    mailingLists*mailingList:mailingList prerequisites:prerequisites scm:scm issueManagement:issues
    ciManagement:builds build:build profiles*profile:profile {base}`,
  profile: 'id activation:activation build:build {base}',
  base: `modules*module distributionManagement:distribution properties# dependencyManagement:dependencyManagement
    dependencies*dependency:dependency repositories*repository:repository
    pluginRepositories*pluginRepository:repository reports? reporting:reporting`,
  parent: 'groupId artifactId version relativePath',
  organization: 'name url',
  license: 'name url distribution comments',
  person: 'id name email url organization organizationUrl roles*role timezone properties#',
  mailingList: 'name subscribe unsubscribe post archive otherArchives*otherArchive',
  prerequisites: 'maven',
  scm: 'connection developerConnection tag url',
  issues: 'system url',
  builds: 'system url notifiers*notifier:notifier',
  notifier: 'type sendOnError sendOnFailure sendOnSuccess sendOnWarning address configuration#',
  distribution: `repository:repository snapshotRepository:repository site:site downloadUrl relocation:relocation
    status`,
  site: 'id name url',
  relocation: 'groupId artifactId version message',
  dependencyManagement: 'dependencies*dependency:dependency',
  dependency: `groupId artifactId version type classifier scope systemPath optional
    exclusions*exclusion:exclusion`,
  exclusion: 'groupId artifactId',
  repository: 'id name url layout uniqueVersion releases:policy snapshots:policy',
  policy: 'enabled updatePolicy checksumPolicy',
  activation: 'activeByDefault jdk os:os property:property file:file',
  os: 'name family arch version',
  property: 'name value',
  file: 'missing exists',
  build: `sourceDirectory scriptSourceDirectory testSourceDirectory outputDirectory testOutputDirectory
    extensions*extension:extension defaultGoal resources*resource:resource testResources*testResource:resource
    directory finalName filters*filter pluginManagement:pluginManagement plugins*plugin:plugin`,
  extension: 'groupId artifactId version',
  resource: 'targetPath filtering directory includes*include excludes*exclude',
  pluginManagement: 'plugins*plugin:plugin',
  plugin: `groupId artifactId version extensions executions*execution:execution
    dependencies*dependency:dependency goals? inherited configuration?`,
  execution: 'id phase goals*goal inherited configuration?',
  reporting: 'excludeDefaults outputDirectory plugins*plugin:reportPlugin',
  reportPlugin:
    'groupId artifactId version reportSets*reportSet:reportSet inherited configuration?',
  reportSet: 'id reports*report inherited configuration?',
}

interface Kind {
  /** Empty for text. */
  readonly sign: '' | ':' | '*' | '#' | '?'
  readonly item: string
  readonly shape: string
}

const kindsOf = new Map<string, ReadonlyMap<string, Kind>>()

/** Why Maven cannot read the POM; undefined when it can. */
export function findShapeFault(project: XmlElement): string | undefined {
  return faultOfElement(project, 'project')
}

/**
 * Texts of the POM's single elements by path, such as `scm.url`; `${project.scm.url}` refers to
 * them.
 */
export function textsByPath(project: XmlElement): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  function add(element: XmlElement, shape: string, prefix: string): void {
    const kinds = kindsIn(shape)
    for (const child of element.children) {
      const kind = kinds.get(child.name)
      if (kind?.sign === '') texts.set(`${prefix}${child.name}`, child.text.trim())
      if (kind?.sign === ':') add(child, kind.shape, `${prefix}${child.name}.`)
    }
  }
  add(project, 'project', '')
  return texts
}

function faultOfElement(element: XmlElement, shape: string): string | undefined {
  const kinds = kindsIn(shape)
  const known = element.children.filter(({ name }) => kinds.has(name))
  const names = new Set(known.map(({ name }) => name))
  if (names.size < known.length) {
    const [twice] = known.filter(({ name }, index) =>
      known.some((other, at) => at < index && other.name === name),
    )
    return `<${twice?.name}> occurs twice in <${element.name}>`
  }
  return firstFault(known, (child) => faultOfChild(child, kinds.get(child.name) as Kind))
}

function faultOfChild(child: XmlElement, { sign, item, shape }: Kind): string | undefined {
  if (sign === '') return faultOfText(child)
  if (sign === ':') return faultOfElement(child, shape)
  if (sign === '?') return undefined
  if (child.text.trim() !== '') return `text between the elements of <${child.name}>`
  if (sign === '#') return firstFault(child.children, faultOfText)
  const items = child.children.filter(({ name }) => name === item)
  return firstFault(items, shape === '' ? faultOfText : (found) => faultOfElement(found, shape))
}

function faultOfText({ name, children }: XmlElement): string | undefined {
  return children.length === 0 ? undefined : `<${children[0]?.name}> is not allowed in <${name}>`
}

function firstFault(
  elements: readonly XmlElement[],
  faultOf: (element: XmlElement) => string | undefined,
): string | undefined {
  for (const element of elements) {
    const fault = faultOf(element)
    if (fault !== undefined) return fault
  }
  return undefined
}

function kindsIn(shape: string): ReadonlyMap<string, Kind> {
  const known = kindsOf.get(shape)
  if (known !== undefined) return known
  const written = (shapes[shape] ?? '').replace('{base}', shapes['base'] ?? '')
  const kinds = new Map(
    written.split(/\s+/).map((text) => {
      const [, name = '', sign = '', item = '', inner = ''] =
        /^(\w+)([:*#?]?)(\w*):?(\w*)$/.exec(text) ?? []
      return [name, { sign, item, shape: sign === ':' ? item : inner } as Kind]
    }),
  )
  kindsOf.set(shape, kinds)
  return kinds
}
