/**
 * A POM merged with its active profiles and its parents.
 * Source: Maven's "Maven Model Builder", phase 1; POM reference, "Inheritance".
 */
import type { Gav } from './artifact.ts'
import type { JavaPlatform } from './platform.ts'
import { managementKey } from './pom.ts'
import type { Pom, PomBase, PomDependency } from './pom.ts'
import { activeProfiles } from './profiles.ts'

/** Properties are not replaced yet: children may override them. */
export interface MergedPom extends PomBase {
  readonly groupId: string
  readonly artifactId: string
  readonly version: string
  readonly packaging: string
  readonly parent: Gav | undefined
  readonly relocation: Partial<Gav> | undefined
  readonly texts: ReadonlyMap<string, string>
  readonly repositoryUrls: readonly string[]
  /** Why Maven refuses its parents; undefined when it does not. */
  readonly fault: string | undefined
}

const notInherited =
  /^(?:modelVersion|parent\b.*|groupId|artifactId|version|packaging|name|prerequisites\b.*)$/

/** Throws as `activeProfiles`. */
export function mergePom(pom: Pom, parent: MergedPom | undefined, java: JavaPlatform): MergedPom {
  const profiles = activeProfiles(pom.profiles, java, pom.properties)
  const own = profiles.reduce<PomBase>(injectProfile, {
    properties: pom.properties,
    modules: pom.modules,
    dependencies: unique(pom.dependencies),
    managed: pom.managed,
  })
  return {
    groupId: pom.groupId ?? parent?.groupId ?? '',
    artifactId: pom.artifactId ?? '',
    version: pom.version ?? parent?.version ?? '',
    packaging: pom.packaging,
    parent: pom.parent,
    properties: new Map([...(parent?.properties ?? []), ...own.properties]),
    modules: own.modules,
    dependencies: inherit(own.dependencies, parent?.dependencies ?? []),
    managed: inherit(own.managed, parent?.managed ?? []),
    relocation: pom.relocation,
    texts: new Map([...inheritedTexts(parent), ...pom.texts]),
    repositoryUrls: [...new Set([...pom.repositoryUrls, ...(parent?.repositoryUrls ?? [])])],
    fault: parent && faultOfParent(parent),
  }
}

/** `group:artifact:version`. */
export function gavId({ groupId, artifactId, version }: Gav): string {
  return `${groupId}:${artifactId}:${version}`
}

function inheritedTexts(parent: MergedPom | undefined): readonly (readonly [string, string])[] {
  return [...(parent?.texts ?? [])].filter(([name]) => !notInherited.test(name))
}

function faultOfParent(parent: MergedPom): string | undefined {
  const { packaging } = parent
  if (packaging === 'pom') return parent.fault
  return `its parent ${gavId(parent)} has packaging ${JSON.stringify(packaging)}, not "pom"`
}

/** Elements of the profile override those of the POM. */
function injectProfile(base: PomBase, profile: PomBase): PomBase {
  return {
    properties: new Map([...base.properties, ...profile.properties]),
    modules: [...base.modules, ...profile.modules],
    dependencies:
      profile.dependencies.length === 0
        ? base.dependencies
        : unique([...base.dependencies, ...profile.dependencies]),
    managed:
      profile.managed.length === 0 ? base.managed : unique([...base.managed, ...profile.managed]),
  }
}

/** The child's entries, then those of the parent that the child does not override. */
function inherit(
  own: readonly PomDependency[],
  inherited: readonly PomDependency[],
): readonly PomDependency[] {
  if (inherited.length === 0) return own
  if (own.length === 0) return unique(inherited)
  const merged = toMap(own)
  for (const dependency of inherited) {
    const key = managementKey(dependency)
    if (!merged.has(key)) merged.set(key, dependency)
  }
  return [...merged.values()]
}

/** Of entries with one key, the last counts, in the position of the first. */
function unique(dependencies: readonly PomDependency[]): readonly PomDependency[] {
  const merged = toMap(dependencies)
  return merged.size === dependencies.length ? dependencies : [...merged.values()]
}

function toMap(dependencies: readonly PomDependency[]): Map<string, PomDependency> {
  return new Map(dependencies.map((dependency) => [managementKey(dependency), dependency]))
}
