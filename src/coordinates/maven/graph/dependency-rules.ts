/**
 * Rules for transitive dependencies: which of them count, and how management and exclusions change
 * them.
 * Source: maven-resolver 1.6, the dependency selectors and "ClassicDependencyManager".
 */
import { toArtifact, versionlessKey } from '../model/artifact.ts'
import type { Artifact } from '../model/artifact.ts'
import { defined } from '../../../defined.ts'
import type { Exclusion, PomDependency } from '../model/pom.ts'

const knownScopes = new Set(['compile', 'runtime', 'provided', 'test', 'system'])

/** True for a scope that Maven does not know; it counts as `runtime`. */
export function isUnknownScope(scope: string): boolean {
  return !knownScopes.has(scope)
}

/** True for a scope whose dependencies are on the class path at run time. */
export function isAtRunTime(scope: string): boolean {
  return scope === 'compile' || scope === 'runtime' || isUnknownScope(scope)
}

export interface SelectionLevel {
  /** 1 for the direct dependencies of the root. */
  readonly depth: number
  /** Exclusions of all dependencies on the path to here. */
  readonly exclusions: readonly Exclusion[]
}

/** True below level 1 for scopes `test` and `provided`, and for optional dependencies. */
export function isNotTransitive(
  { scope, optional }: PomDependency,
  { depth }: SelectionLevel,
): boolean {
  return depth >= 2 && (scope === 'test' || scope === 'provided' || optional === 'true')
}

/** The exclusions that match the dependency. */
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

/** Applies the rule's version, scope and `optional`; not its version if `keepsVersion`. */
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

/** Adds the exclusions of the rule. */
export function withExclusions(
  dependency: PomDependency,
  rule: PomDependency | undefined,
): PomDependency {
  if (rule === undefined || rule.exclusions.length === 0) return dependency
  return { ...dependency, exclusions: [...dependency.exclusions, ...rule.exclusions] }
}

/** Of several entries for one artifact, the first counts, with the exclusions of all. */
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

/** Equal for a dependency and its rule. */
export function dependencyKey(dependency: PomDependency): string {
  return versionlessKey(artifactOf(dependency, ''))
}

/** The artifact of a dependency in one version. */
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

/** Both lists without duplicates. */
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
