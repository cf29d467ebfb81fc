/**
 * Which dependencies of a project count for who needs it, and what managed versions, scopes and
 * exclusions make of them.
 * Source: maven-resolver 1.6, the dependency selectors and "ClassicDependencyManager".
 */
import { toArtifact, versionlessKey } from '../model/artifact.ts'
import type { Artifact } from '../model/artifact.ts'
import { defined } from '../../../defined.ts'
import type { Exclusion, PomDependency } from '../model/pom.ts'

const knownScopes = new Set(['compile', 'runtime', 'provided', 'test', 'system'])

/** True for a scope that is none of Maven's; what has it counts as `runtime` in the end. */
export function isUnknownScope(scope: string): boolean {
  return !knownScopes.has(scope)
}

/** True for what is on the class path at run time. */
export function isAtRunTime(scope: string): boolean {
  return scope === 'compile' || scope === 'runtime' || isUnknownScope(scope)
}

export interface SelectionLevel {
  /** 1 for what the roots name themselves. */
  readonly depth: number
  /** Of all that lead here. */
  readonly exclusions: readonly Exclusion[]
}

/**
 * What is only for tests, or given by somebody else, or optional, counts for who named it and
 * nobody further up.
 */
export function isForOthers(
  { scope, optional }: PomDependency,
  { depth }: SelectionLevel,
): boolean {
  return depth >= 2 && (scope === 'test' || scope === 'provided' || optional === 'true')
}

/** Exclusions that leave the dependency out. */
export function exclusionsOf(
  { groupId, artifactId: id }: PomDependency,
  level: SelectionLevel,
): readonly Exclusion[] {
  return level.exclusions.filter(
    (exclusion) =>
      (exclusion.groupId === '*' || exclusion.groupId === groupId) &&
      (exclusion.artifactId === '*' || exclusion.artifactId === id),
  )
}

/** The dependency as it is managed; `keepsVersion` when the version is that of a move. */
export function applyRule(
  dependency: PomDependency,
  rule: PomDependency | undefined,
  keepsVersion: boolean,
): {
  readonly dependency: PomDependency
  readonly isScopeManaged: boolean
  readonly isOptionalManaged: boolean
} {
  const version = keepsVersion ? undefined : rule?.version
  const scope = rule?.scope
  return {
    dependency: {
      ...dependency,
      ...(version && { version }),
      ...(scope && { scope }),
      ...defined({ optional: rule?.optional }),
    },
    isScopeManaged: scope !== undefined && scope !== '',
    isOptionalManaged: rule?.optional !== undefined,
  }
}

/** With the exclusions of the rule beside its own. */
export function withExclusions(
  dependency: PomDependency,
  rule: PomDependency | undefined,
): PomDependency {
  if (rule === undefined || rule.exclusions.length === 0) return dependency
  return { ...dependency, exclusions: [...dependency.exclusions, ...rule.exclusions] }
}

/** Of entries for one artifact the first counts, but exclusions of all. */
export function indexManaged(
  managed: readonly PomDependency[],
): ReadonlyMap<string, PomDependency> {
  const byKey = new Map<string, PomDependency>()
  for (const entry of managed) {
    const known = byKey.get(dependencyKey(entry))
    byKey.set(dependencyKey(entry), known === undefined ? entry : withExclusions(known, entry))
  }
  return byKey
}

/** What a dependency and the rule for it have in common. */
export function dependencyKey(dependency: PomDependency): string {
  return versionlessKey(artifactOf(dependency, ''))
}

/** The file that a dependency is about, in that version. */
export function artifactOf(
  { groupId, artifactId: id, type, classifier }: PomDependency,
  version: string,
): Artifact {
  const { extension, classifier: own } = toArtifact(
    { groupId, artifactId: id, version },
    type,
    classifier,
  )
  return { groupId, artifactId: id, version, extension, classifier: own }
}

/** Both, each once. */
export function mergeExclusions(
  above: readonly Exclusion[],
  own: readonly Exclusion[],
): readonly Exclusion[] {
  if (own.length === 0) return above
  const byName = new Map(
    [...above, ...own].map((found) => [`${found.groupId}:${found.artifactId}`, found]),
  )
  return [...byName.values()]
}
