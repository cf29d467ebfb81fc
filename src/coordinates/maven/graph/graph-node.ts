import type { Artifact } from '../model/artifact.ts'
import { parseConstraint } from '../versions/version-constraint.ts'
import type { VersionConstraint } from '../versions/version-constraint.ts'

/** One dependency of one dependent, in one version. */
export interface GraphNode {
  /** Undefined for the root. */
  readonly artifact: Artifact | undefined
  readonly type: string
  scope: string
  isOptional: boolean
  /** The scope comes from `dependencyManagement`. */
  readonly isScopeManaged: boolean
  /** `isOptional` comes from `dependencyManagement`. */
  readonly isOptionalManaged: boolean
  readonly constraint: VersionConstraint
  /** Its former coordinates, in the order of its relocations. */
  readonly relocations: readonly Artifact[]
  /** Shared by nodes with equal artifact and exclusions. Conflict resolution removes losers. */
  readonly children: GraphNode[]
}

/** A root without children. */
export function createRoot(): GraphNode {
  return {
    artifact: undefined,
    type: 'jar',
    scope: '',
    isOptional: false,
    isScopeManaged: false,
    isOptionalManaged: false,
    constraint: parseConstraint('0'),
    relocations: [],
    children: [],
  }
}
