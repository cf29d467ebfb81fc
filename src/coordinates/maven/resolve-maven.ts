/** Maven coordinates and their dependencies at run time. */
import type { MavenCoordinate } from '../packages/coordinate.ts'
import { artifactId, isOnClassPath } from './model/artifact.ts'
import type { Artifact } from './model/artifact.ts'
import { collectGraph } from './graph/collect.ts'
import type { GraphNode } from './graph/graph-node.ts'
import { isAtRunTime, isUnknownScope } from './graph/dependency-rules.ts'
import type { JavaPlatform } from './model/platform.ts'
import { PomReader } from './graph/pom-reader.ts'
import { managementKey } from './model/pom.ts'
import type { Exclusion, PomDependency } from './model/pom.ts'
import { resolveConflicts } from './graph/resolve-conflicts.ts'
import type { VersionConflict } from './graph/resolve-conflicts.ts'
import type { MavenSource } from './repositories/source.ts'
import { warmUp } from './graph/warm-up.ts'
import type { Conflict } from '../packages/conflict.ts'

export interface MavenRequest {
  readonly roots: readonly MavenCoordinate[]
  /** Their managed versions apply to the whole closure. */
  readonly boms?: readonly MavenCoordinate[]
  /** Left out of the whole closure. */
  readonly exclusions?: readonly Exclusion[]
  /**
   * Versions of an earlier resolution, by `group:artifact`; used for roots with `RELEASE`,
   * `LATEST` or no version.
   */
  readonly preferred?: ReadonlyMap<string, string>
}

/** One artifact of the closure. */
export interface ResolvedArtifact {
  /** `group:artifact[:extension[:classifier]]:version`. */
  readonly id: string
  readonly artifact: Artifact
  readonly scope: string
  readonly isOnClassPath: boolean
  /** Ids of its direct dependencies in the closure. */
  readonly dependencies: readonly string[]
}

export interface MavenClosure {
  /** In class-path order. */
  readonly artifacts: readonly ResolvedArtifact[]
  /** Ids that the roots resolved to, in their order. */
  readonly roots: readonly string[]
  readonly conflicts: readonly Conflict[]
}

/**
 * Chooses the artifacts and versions of the closure. Fetches POMs and lists of versions, no
 * libraries. Errors: `PACKAGE_NOT_FOUND`, `PACKAGE_UNRESOLVABLE`, those of the source.
 */
export async function resolveMaven(
  request: MavenRequest,
  source: MavenSource,
  java: JavaPlatform,
  onWarning: (message: string) => void,
): Promise<MavenClosure> {
  const poms = new PomReader(source, java)
  const managed = await readBoms(request, poms, source)
  const roots = await Promise.all(
    request.roots.map((root) => toDependency(root, request, managed, source)),
  )
  const ended = new AbortController()
  try {
    warmUp(roots, poms, ended.signal)
    const used = new Set<string>()
    const graph = await collectGraph(roots, {
      poms,
      versionsOf: (project) => source.versionsOf(project),
      fixVersion: (dependency) => fixVersion(dependency, source),
      managed,
      onWarning,
      onExcluded: (exclusion) => used.add(nameOf(exclusion)),
    })
    for (const name of (request.exclusions ?? []).map(nameOf)) {
      if (!used.has(name)) onWarning(`the exclusion ${name} matches nothing; check its name`)
    }
    const conflicts = resolveConflicts(graph)
    return toClosure(graph, conflicts)
  } finally {
    ended.abort()
  }
}

function nameOf({ groupId, artifactId: id }: Exclusion): string {
  return `${groupId}:${id}`
}

async function readBoms(
  { boms = [] }: MavenRequest,
  poms: PomReader,
  source: MavenSource,
): Promise<readonly PomDependency[]> {
  const byKey = new Map<string, PomDependency>()
  for (const bom of boms) {
    const { groupId, artifactId: id } = bom
    const version = await fixVersion(
      { ...dependencyOf(bom), version: bom.version ?? 'RELEASE' },
      source,
    )
    for (const entry of await poms.managedOf({ groupId, artifactId: id, version })) {
      const key = managementKey(entry)
      if (!byKey.has(key)) byKey.set(key, entry)
    }
  }
  return [...byKey.values()]
}

/** The root as a dependency of a project with the requested BOMs and exclusions. */
async function toDependency(
  root: MavenCoordinate,
  { exclusions = [], preferred }: MavenRequest,
  managed: readonly PomDependency[],
  source: MavenSource,
): Promise<PomDependency> {
  const dependency = dependencyOf(root)
  const rule = managed.find((entry) => managementKey(entry) === managementKey(dependency))
  const version = root.version ?? rule?.version ?? 'RELEASE'
  const known = preferred?.get(`${root.groupId}:${root.artifactId}`)
  const isOpen = version === 'RELEASE' || version === 'LATEST'
  const asked = isOpen && known !== undefined ? known : version
  return {
    ...dependency,
    version: await fixVersion({ ...dependency, version: asked }, source),
    exclusions: [...exclusions, ...(rule?.exclusions ?? [])],
  }
}

function dependencyOf({
  groupId,
  artifactId: id,
  version,
  type,
  classifier,
}: MavenCoordinate): PomDependency {
  return {
    groupId,
    artifactId: id,
    version,
    type,
    classifier,
    scope: 'compile',
    optional: undefined,
    systemPath: undefined,
    exclusions: [],
  }
}

async function fixVersion(dependency: PomDependency, source: MavenSource): Promise<string> {
  const { version = '' } = dependency
  if (version !== 'RELEASE' && version !== 'LATEST') return version
  // Without a list of versions the name stays, and leads to PACKAGE_NOT_FOUND.
  return (await source.newestOf(dependency, version)) ?? version
}

function toClosure(graph: GraphNode, conflicts: readonly VersionConflict[]): MavenClosure {
  const nodes = listNodes(graph).filter(isNeeded)
  const kept = new Set(nodes)
  return {
    artifacts: nodes.map((node) => ({
      id: idOf(node),
      artifact: node.artifact as Artifact,
      scope: isUnknownScope(node.scope) ? 'runtime' : node.scope,
      isOnClassPath: isOnClassPath(node.type, node.artifact?.extension ?? ''),
      dependencies: node.children.filter((child) => kept.has(child)).map(idOf),
    })),
    roots: graph.children.map(idOf),
    conflicts: conflicts
      .filter(({ winner }) => kept.has(winner))
      .map(({ winner, losers }) => ({ used: idOf(winner), unused: toUnused(losers) })),
  }
}

/** Dependents before their dependencies, in declaration order: Maven's class path. */
function listNodes(graph: GraphNode): readonly GraphNode[] {
  const nodes = new Set<GraphNode>()
  function visit(node: GraphNode): void {
    if (nodes.has(node)) return
    nodes.add(node)
    node.children.forEach(visit)
  }
  graph.children.forEach(visit)
  return [...nodes]
}

/** As in `mvn dependency:build-classpath -DincludeScope=runtime`. */
function isNeeded({ scope }: GraphNode): boolean {
  return isAtRunTime(scope)
}

function toUnused(losers: VersionConflict['losers']): Conflict['unused'] {
  const byText = new Map(
    losers.map(({ node, parent }) => {
      const version = node.artifact?.version ?? ''
      const neededBy = parent?.artifact === undefined ? 'you' : artifactId(parent.artifact)
      return [`${version} ${neededBy}`, { version, neededBy }]
    }),
  )
  return [...byText.values()]
}

function idOf({ artifact }: GraphNode): string {
  return artifactId(artifact as Artifact)
}
