import type { Artifact } from '../model/artifact.ts'
import type { PomDependency } from '../model/pom.ts'
import { parseConstraint } from '../versions/version-constraint.ts'
import { applyRule, dependencyKey, withExclusions } from './dependency-rules.ts'
import type { SelectionLevel } from './dependency-rules.ts'
import type { GraphNode } from './graph-node.ts'

/** A dependency with its management applied, and the properties that its nodes share. */
export interface ManagedDependency extends Pick<
  GraphNode,
  'isScopeManaged' | 'isOptionalManaged' | 'constraint' | 'relocations'
> {
  readonly dependency: PomDependency
}

export interface Relocation {
  /** Former coordinates, in order. */
  readonly from: readonly Artifact[]
  /** A relocation within one project overrides the managed version. */
  readonly keepsVersion: boolean
}

/** Versions, scopes and `optional` are managed from the second level on, exclusions everywhere. */
export function manage(
  declared: PomDependency,
  rules: ReadonlyMap<string, PomDependency>,
  { depth }: SelectionLevel,
  { from, keepsVersion }: Relocation,
): ManagedDependency {
  const rule = rules.get(dependencyKey(declared))
  const applied = applyRule(declared, depth >= 2 ? rule : undefined, keepsVersion)
  const dependency = withExclusions(applied.dependency, rule)
  const constraint = parseConstraint(dependency.version ?? '')
  return { ...applied, dependency, constraint, relocations: from }
}

export function toNode(
  { dependency, isScopeManaged, isOptionalManaged, constraint, relocations }: ManagedDependency,
  artifact: Artifact,
): GraphNode {
  return {
    artifact,
    type: dependency.type,
    scope: dependency.scope ?? 'compile',
    isOptional: dependency.optional === 'true',
    isScopeManaged,
    isOptionalManaged,
    constraint,
    relocations,
    children: [],
  }
}
