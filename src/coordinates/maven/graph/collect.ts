/**
 * Everything that the roots depend on, directly or not, before it is decided which version of each
 * wins.
 *
 * Depth first in declaration order. A project that is met again under the same exclusions has the
 * same children, so the graph stays small; one that is met below itself points back to where it
 * was.
 * Source: maven-resolver 1.6, "DefaultDependencyCollector", "ClassicDependencyManager" and the
 * dependency selectors, which Maven 3.8 resolves projects with.
 */
import { JarcastError } from '../../../errors.ts'
import { artifactId, toArtifact, versionlessKey } from '../model/artifact.ts'
import type { Artifact } from '../model/artifact.ts'
import type { EffectivePom } from '../model/effective-pom.ts'
import {
  applyRule,
  artifactOf,
  dependencyKey,
  indexManaged,
  exclusionsOf,
  isForOthers,
  isUnknownScope,
  mergeExclusions,
  withExclusions,
} from './dependency-rules.ts'
import type { SelectionLevel } from './dependency-rules.ts'
import { toNeededBy } from './needed-by.ts'
import type { Exclusion, PomDependency } from '../model/pom.ts'
import type { PomReader } from './pom-reader.ts'
import { allowsVersion, isRange, parseConstraint } from '../versions/version-constraint.ts'
import type { VersionConstraint } from '../versions/version-constraint.ts'
import { compareVersions } from '../versions/version.ts'

export interface GraphNode {
  /** Undefined for the root, which stands for who asks. */
  readonly artifact: Artifact | undefined
  readonly type: string
  scope: string
  isOptional: boolean
  readonly isScopeManaged: boolean
  readonly isOptionalManaged: boolean
  readonly constraint: VersionConstraint
  /** What it was called before it moved. */
  readonly relocations: readonly Artifact[]
  /** Shared by nodes of the same project and exclusions. Losers are taken out of it. */
  readonly children: GraphNode[]
}

export interface CollectOptions {
  readonly poms: PomReader
  readonly versionsOf: (project: {
    groupId: string
    artifactId: string
  }) => Promise<readonly string[]>
  /** Concrete version for `RELEASE` and `LATEST`, others as they are. */
  readonly fixVersion: (dependency: PomDependency) => Promise<string>
  /** Overrules what transitive dependencies say. */
  readonly managed: readonly PomDependency[]
  readonly onWarning: (message: string) => void
  /** Told of each exclusion that leaves something out, any number of times. */
  readonly onExcluded: (exclusion: Exclusion) => void
}

interface Level extends SelectionLevel {
  readonly path: readonly GraphNode[]
}

const maxNodes = 500_000
const maxDepth = 500
const maxVersionsOfRange = 500

/**
 * The graph below a root that depends on `dependencies`. Rejects with `PACKAGE_UNRESOLVABLE` when
 * no version is in a range, or the graph outgrows its bounds (500,000 nodes, 500 levels), else as
 * the reader does.
 */
export async function collectGraph(
  dependencies: readonly PomDependency[],
  options: CollectOptions,
): Promise<GraphNode> {
  const { poms, managed, onWarning } = options
  const managedByKey = indexManaged(managed)
  const childrenByKey = new Map<string, GraphNode[]>()
  const told = new Set<string>()
  let nodes = 0

  function tell(message: string): void {
    if (told.has(message)) return
    told.add(message)
    onWarning(message)
  }

  async function addAll(
    found: readonly PomDependency[],
    parent: GraphNode,
    level: Level,
  ): Promise<void> {
    for (const dependency of found) {
      await add(dependency, parent, level, [], false).catch((error: unknown) => {
        const { groupId, artifactId: id } = dependency
        throw toNeededBy(error, `${groupId}:${id}`, parent.artifact && artifactId(parent.artifact))
      })
    }
  }

  async function add(
    dependency: PomDependency,
    parent: GraphNode,
    level: Level,
    relocations: readonly Artifact[],
    keepsVersion: boolean,
  ): Promise<void> {
    if (isForOthers(dependency, level)) return
    const exclusions = exclusionsOf(dependency, level)
    exclusions.forEach((exclusion) => options.onExcluded(exclusion))
    if (exclusions.length > 0) return
    const rule = managedByKey.get(dependencyKey(dependency))
    const applied = applyRule(dependency, level.depth >= 2 ? rule : undefined, keepsVersion)
    const given = applied.dependency
    const asked = withExclusions(given, rule)
    tellOfScope(asked, parent)
    const constraint = parseConstraint(asked.version ?? '')
    const versions = await versionsFor(asked, constraint)
    // A range may have hundreds: their POMs come at the same time.
    for (const version of isRange(constraint) ? versions : []) {
      poms.effective(artifactOf(asked, version)).catch(() => undefined)
    }
    for (const version of versions) {
      const artifact = artifactOf(asked, version)
      // A file of the system has no POM.
      const isSystem = asked.scope === 'system'
      const pom = isSystem ? undefined : await poms.effective(artifact)
      if (!isSystem) tellOf(artifact, pom)
      const moved = await follow(artifact, pom)
      const node: GraphNode = {
        artifact: moved.artifact,
        type: asked.type,
        scope: asked.scope ?? 'compile',
        isOptional: asked.optional === 'true',
        isScopeManaged: applied.isScopeManaged,
        isOptionalManaged: applied.isOptionalManaged,
        constraint,
        relocations,
        children: [],
      }
      if ((nodes += 1) > maxNodes) throw outgrown(`${maxNodes} nodes`)
      const again = level.path.findLast(
        (above) =>
          above.artifact !== undefined &&
          versionlessKey(above.artifact) === versionlessKey(moved.artifact),
      )
      if (again !== undefined) {
        parent.children.push({ ...node, children: again.children })
        continue
      }
      if (moved.from.length > 0) {
        const target = { ...asked, ...nameOf(moved.artifact) }
        const isSameProject =
          artifact.groupId === moved.artifact.groupId &&
          artifact.artifactId === moved.artifact.artifactId
        await add(target, parent, level, moved.from, isSameProject)
        return
      }
      const includesAll =
        toArtifact(artifact, asked.type, asked.classifier).includesDependencies === true
      parent.children.push(
        includesAll || pom === undefined ? node : await recurse(node, pom, asked, level),
      )
    }
  }

  /** The node with its children, which another node may have already. */
  async function recurse(
    node: GraphNode,
    pom: EffectivePom,
    { exclusions: own }: PomDependency,
    { depth, exclusions, path }: Level,
  ): Promise<GraphNode> {
    if (pom.dependencies.length === 0) return node
    if (depth >= maxDepth) throw outgrown(`${maxDepth} levels`)
    const below = {
      depth: depth + 1,
      exclusions: mergeExclusions(exclusions, own),
      path: [...path, node],
    }
    const key = graphKey(node.artifact as Artifact, below)
    const known = childrenByKey.get(key)
    if (known !== undefined) return { ...node, children: known }
    childrenByKey.set(key, node.children)
    await addAll(pom.dependencies, node, below)
    return node
  }

  async function versionsFor(
    dependency: PomDependency,
    constraint: VersionConstraint,
  ): Promise<readonly string[]> {
    if (!isRange(constraint)) return [await options.fixVersion(dependency)]
    const all = await options.versionsOf(dependency)
    const fitting = all
      .filter((version) => allowsVersion(constraint, version))
      .toSorted(compareVersions)
      .slice(-maxVersionsOfRange)
    if (fitting.length > 0) return fitting
    const { groupId, artifactId: id } = dependency
    const message = `maven:${groupId}:${id} has no version in ${constraint.text}`
    throw new JarcastError('PACKAGE_UNRESOLVABLE', message, {
      details: { package: `${groupId}:${id}` },
    })
  }

  /** Where a project has moved to, over any number of moves. */
  async function follow(
    artifact: Artifact,
    pom: EffectivePom | undefined,
  ): Promise<{ readonly artifact: Artifact; readonly from: readonly Artifact[] }> {
    const from: Artifact[] = []
    let current = artifact
    for (let next = pom; next?.relocation !== undefined; next = await poms.effective(current)) {
      if (from.some((known) => artifactId(known) === artifactId(current))) {
        throw new JarcastError(
          'PACKAGE_UNRESOLVABLE',
          `${artifactId(artifact)} has moved in a circle`,
        )
      }
      from.push(current)
      current = { ...current, ...next.relocation }
    }
    return { artifact: current, from }
  }

  function tellOfScope(
    { groupId, artifactId: id, scope = '' }: PomDependency,
    by: GraphNode,
  ): void {
    if (scope === '' || !isUnknownScope(scope) || by.artifact === undefined) return
    const whose = `${artifactId(by.artifact)} has ${groupId}:${id}`
    tell(`${whose} in scope ${JSON.stringify(scope)}, which Maven does not know: taken as runtime`)
  }

  function tellOf(artifact: Artifact, pom: EffectivePom | undefined): void {
    const id = artifactId(artifact)
    if (pom === undefined) tell(`no repository has the POM of ${id}: taken without dependencies`)
    else if (pom.fault !== undefined)
      tell(`the POM of ${id} is invalid, taken without dependencies: ${pom.fault}`)
  }

  const root: GraphNode = {
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
  await addAll(dependencies, root, { depth: 1, exclusions: [], path: [] })
  return root
}

function nameOf({ groupId, artifactId: id, version }: Artifact): Partial<PomDependency> {
  return { groupId, artifactId: id, version }
}

function graphKey(artifact: Artifact, { depth, exclusions }: Level): string {
  const names = exclusions.map((found) => `${found.groupId}:${found.artifactId}`).toSorted()
  // Rules are the same everywhere below the second level.
  return `${artifactId(artifact)} ${Math.min(depth, 2)} ${names.join(' ')}`
}

function outgrown(bound: string): JarcastError {
  return new JarcastError('PACKAGE_UNRESOLVABLE', `the dependencies outgrow ${bound}; exclude some`)
}
