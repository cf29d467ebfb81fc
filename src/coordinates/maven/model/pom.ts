/**
 * A POM as written: without parents, active profiles and replaced properties.
 * Source: Maven's POM reference (model 4.0.0).
 */
import { JarcastError } from '../../../errors.ts'
import { elementOf, elementsOf, entriesOf, textOf, textsOf } from '../../xml/elements.ts'
import type { XmlElement } from '../../xml/elements.ts'
import { parseXml } from '../../xml/parse-xml.ts'
import type { Gav } from './artifact.ts'
import { findShapeFault, textsByPath } from './pom-shape.ts'

/** Absent elements are undefined. */
export interface PomDependency {
  readonly groupId: string
  readonly artifactId: string
  readonly version: string | undefined
  readonly type: string
  readonly classifier: string | undefined
  readonly scope: string | undefined
  readonly optional: string | undefined
  readonly systemPath: string | undefined
  readonly exclusions: readonly Exclusion[]
}

/** `*` matches any. */
export interface Exclusion {
  readonly groupId: string
  readonly artifactId: string
}

/** The common elements of a POM and its profiles. */
export interface PomBase {
  readonly properties: ReadonlyMap<string, string>
  readonly modules: readonly string[]
  readonly dependencies: readonly PomDependency[]
  readonly managed: readonly PomDependency[]
}

export interface PomProfile extends PomBase {
  readonly id: string
  readonly activation: XmlElement | undefined
}

export interface Pom extends PomBase {
  readonly groupId: string | undefined
  readonly artifactId: string | undefined
  readonly version: string | undefined
  readonly packaging: string
  readonly parent: Gav | undefined
  readonly profiles: readonly PomProfile[]
  readonly relocation: Partial<Gav> | undefined
  /** Single values by path, `name` or `scm.url`, for references such as `${project.name}`. */
  readonly texts: ReadonlyMap<string, string>
  /** Addresses of its repositories, which are never used. */
  readonly repositoryUrls: readonly string[]
}

const maxDependencies = 20_000

/**
 * Throws `PACKAGE_INVALID` naming `source` when the text is not XML, is too large, has elements in
 * the wrong place, has more than 20,000 dependencies, or when its parent is incomplete or is the
 * project itself.
 */
export function parsePom(text: string, source: string): Pom {
  const project = parseXml(text, source)
  const fault = findShapeFault(project)
  if (fault !== undefined) throw invalidPom(source, fault)
  const parent = elementOf(project, 'parent')
  const distribution = elementOf(project, 'distributionManagement')
  const profiles = elementsOf(elementOf(project, 'profiles'), 'profile')
  const pom: Pom = {
    ...readBase(project),
    groupId: textOf(project, 'groupId'),
    artifactId: textOf(project, 'artifactId'),
    version: textOf(project, 'version'),
    packaging: textOf(project, 'packaging') ?? 'jar',
    parent: parent === undefined ? undefined : readParent(parent, source),
    profiles: profiles.map((profile) => ({
      ...readBase(profile),
      id: textOf(profile, 'id') ?? 'default',
      activation: elementOf(profile, 'activation'),
    })),
    relocation: readRelocation(distribution),
    texts: textsByPath(project),
    repositoryUrls: elementsOf(elementOf(project, 'repositories'), 'repository').flatMap((found) =>
      textsOf(found, 'url'),
    ),
  }
  const count = [pom, ...pom.profiles].reduce(
    (sum, { dependencies, managed }) => sum + dependencies.length + managed.length,
    0,
  )
  if (count > maxDependencies)
    throw invalidPom(source, `it has more than ${maxDependencies} dependencies`)
  if (pom.parent?.groupId === pom.groupId && pom.parent?.artifactId === pom.artifactId)
    throw invalidPom(source, 'its parent has its own groupId and artifactId')
  return pom
}

/** Entries with equal keys are one entry when they are merged or managed. */
export function managementKey({ groupId, artifactId, type, classifier }: PomDependency): string {
  const key = `${groupId}:${artifactId}:${type}`
  // An empty classifier differs from an absent one.
  return classifier === undefined ? key : `${key}:${classifier}`
}

function readBase(element: XmlElement): PomBase {
  const managed = elementOf(elementOf(element, 'dependencyManagement'), 'dependencies')
  return {
    properties: new Map(entriesOf(elementOf(element, 'properties'))),
    modules: textsOf(elementOf(element, 'modules'), 'module'),
    dependencies: elementsOf(elementOf(element, 'dependencies'), 'dependency').map(readDependency),
    managed: elementsOf(managed, 'dependency').map(readDependency),
  }
}

function readDependency(element: XmlElement): PomDependency {
  const exclusions = elementsOf(elementOf(element, 'exclusions'), 'exclusion')
  return {
    groupId: textOf(element, 'groupId') ?? '',
    artifactId: textOf(element, 'artifactId') ?? '',
    version: textOf(element, 'version'),
    type: textOf(element, 'type') ?? 'jar',
    classifier: textOf(element, 'classifier'),
    scope: textOf(element, 'scope'),
    optional: textOf(element, 'optional'),
    systemPath: textOf(element, 'systemPath'),
    exclusions: exclusions.map((exclusion) => ({
      groupId: textOf(exclusion, 'groupId') ?? '',
      artifactId: textOf(exclusion, 'artifactId') ?? '',
    })),
  }
}

function readParent(element: XmlElement, source: string): Gav {
  const [groupId, artifactId, version] = ['groupId', 'artifactId', 'version'].map((name) =>
    textOf(element, name),
  )
  if (!groupId || !artifactId || !version) {
    throw invalidPom(source, 'its parent has no groupId, artifactId or version')
  }
  return { groupId, artifactId, version }
}

function readRelocation(distribution: XmlElement | undefined): Partial<Gav> | undefined {
  const relocation = elementOf(distribution, 'relocation')
  if (relocation === undefined) return undefined
  const parts = ['groupId', 'artifactId', 'version'].flatMap((name) => {
    const value = textOf(relocation, name)
    return value === undefined || value === '' ? [] : [[name, value] as const]
  })
  return Object.fromEntries(parts)
}

function invalidPom(source: string, why: string): JarcastError {
  return new JarcastError('PACKAGE_INVALID', `${source} cannot be used: ${why}`, {
    details: { source },
  })
}
