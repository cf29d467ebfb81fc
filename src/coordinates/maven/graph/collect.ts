/**
 * All direct and transitive dependencies, before one version of each is chosen.
 *
 * Depth first, in declaration order. Nodes with equal artifact and exclusions share their children,
 * so the graph stays small; a project below itself points back to the node above.
 * Source: maven-resolver 1.6, "DefaultDependencyCollector", "ClassicDependencyManager" and the
 * dependency selectors, which Maven 3.8 resolves projects with.
 */
import { JarcastError } from '../../../errors.ts'
import { artifactId, toArtifact, versionlessKey } from '../model/artifact.ts'
import type { Artifact } from '../model/artifact.ts'
import type { EffectivePom } from '../model/effective-pom.ts'
import type { Exclusion, PomDependency } from '../model/pom.ts'
import { isRange } from '../versions/version-constraint.ts'
import { candidateVersions } from './candidate-versions.ts'
import type { VersionLookup } from './candidate-versions.ts'
import {
  artifactOf,
  exclusionsOf,
  indexManaged,
  isNotTransitive,
  mergeExclusions,
} from './dependency-rules.ts'
import type { SelectionLevel } from './dependency-rules.ts'
import { createRoot } from './graph-node.ts'
import type { GraphNode } from './graph-node.ts'
import { GraphWarnings } from './graph-warnings.ts'
import { manage, toNode } from './managed-dependency.ts'
import type { ManagedDependency, Relocation } from './managed-dependency.ts'
import { toNeededBy } from './needed-by.ts'
import type { PomReader } from './pom-reader.ts'
import { followRelocations } from './relocations.ts'
import type { Relocated } from './relocations.ts'

export interface CollectOptions extends VersionLookup {
  readonly poms: PomReader
  /** Overrides versions, scopes and exclusions of transitive dependencies. */
  readonly managed: readonly PomDependency[]
  readonly onWarning: (message: string) => void
  /** Called for each dependency that an exclusion leaves out. */
  readonly onExcluded: (exclusion: Exclusion) => void
}

interface Level extends SelectionLevel {
  readonly path: readonly GraphNode[]
}

const notRelocated: Relocation = { from: [], keepsVersion: false }
const maxNodes = 500_000
const maxDepth = 500

/**
 * The graph below a root that depends on `dependencies`. Rejects with `PACKAGE_UNRESOLVABLE` when
 * no version is in a range, or the graph exceeds its bounds (500,000 nodes, 500 levels), else as
 * the reader does.
 */
export async function collectGraph(
  dependencies: readonly PomDependency[],
  options: CollectOptions,
): Promise<GraphNode> {
  const root = createRoot()
  const level = { depth: 1, exclusions: [], path: [] }
  await new Collector(options).addAll(dependencies, root, level)
  return root
}

class Collector {
  readonly #options: CollectOptions
  readonly #warnings: GraphWarnings
  readonly #rules: ReadonlyMap<string, PomDependency>
  readonly #children = new Map<string, GraphNode[]>()
  #nodes = 0

  constructor(options: CollectOptions) {
    this.#options = options
    this.#warnings = new GraphWarnings(options.onWarning)
    this.#rules = indexManaged(options.managed)
  }

  async addAll(
    dependencies: readonly PomDependency[],
    parent: GraphNode,
    level: Level,
  ): Promise<void> {
    for (const dependency of dependencies) {
      await this.#add(dependency, parent, level, notRelocated).catch((error: unknown) => {
        const { groupId, artifactId: id } = dependency
        throw toNeededBy(error, `${groupId}:${id}`, parent.artifact && artifactId(parent.artifact))
      })
    }
  }

  async #add(
    dependency: PomDependency,
    parent: GraphNode,
    level: Level,
    relocation: Relocation,
  ): Promise<void> {
    if (isNotTransitive(dependency, level) || this.#isExcluded(dependency, level)) return
    const managed = manage(dependency, this.#rules, level, relocation)
    this.#warnings.checkScope(managed.dependency, parent.artifact)
    const { constraint } = managed
    const versions = await candidateVersions(managed.dependency, constraint, this.#options)
    if (isRange(constraint)) this.#prefetch(managed.dependency, versions)
    for (const version of versions) {
      const isRelocated = await this.#addVersion(managed, version, parent, level)
      // As in maven-resolver, the target replaces the whole range.
      if (isRelocated) return
    }
  }

  #isExcluded(dependency: PomDependency, level: Level): boolean {
    const exclusions = exclusionsOf(dependency, level)
    exclusions.forEach((exclusion) => this.#options.onExcluded(exclusion))
    return exclusions.length > 0
  }

  /** Reads the POMs of a range concurrently: it may have hundreds of versions. */
  #prefetch(dependency: PomDependency, versions: readonly string[]): void {
    for (const version of versions) {
      this.#options.poms.effective(artifactOf(dependency, version)).catch(() => undefined)
    }
  }

  /** True when this version was relocated, and its target added instead. */
  async #addVersion(
    managed: ManagedDependency,
    version: string,
    parent: GraphNode,
    level: Level,
  ): Promise<boolean> {
    const { dependency } = managed
    const artifact = artifactOf(dependency, version)
    const pom = await this.#readPom(artifact, dependency)
    const relocated = await followRelocations(artifact, pom, this.#options.poms)
    if ((this.#nodes += 1) > maxNodes) throw graphTooLarge(`${maxNodes} nodes`)
    const node = toNode(managed, relocated.artifact)
    const ancestor = level.path.findLast((above) => isSameArtifact(above, relocated.artifact))
    if (ancestor !== undefined) {
      parent.children.push({ ...node, children: ancestor.children })
      return false
    }
    if (relocated.from.length > 0) {
      await this.#addRelocated(dependency, artifact, relocated, parent, level)
      return true
    }
    const { includesDependencies } = toArtifact(artifact, dependency.type, dependency.classifier)
    const isLeaf = includesDependencies === true || pom === undefined
    parent.children.push(isLeaf ? node : await this.#expand(node, pom, dependency, level))
    return false
  }

  async #readPom(artifact: Artifact, { scope }: PomDependency): Promise<EffectivePom | undefined> {
    // A file of the system has no POM.
    if (scope === 'system') return undefined
    const pom = await this.#options.poms.effective(artifact)
    this.#warnings.checkPom(artifact, pom)
    return pom
  }

  async #addRelocated(
    dependency: PomDependency,
    artifact: Artifact,
    { artifact: target, from }: Relocated,
    parent: GraphNode,
    level: Level,
  ): Promise<void> {
    const { groupId, artifactId: id, version } = target
    const keepsVersion = artifact.groupId === groupId && artifact.artifactId === id
    const moved = { ...dependency, groupId, artifactId: id, version }
    await this.#add(moved, parent, level, { from, keepsVersion })
  }

  /** The node with its children, which it may share with another node. */
  async #expand(
    node: GraphNode,
    pom: EffectivePom,
    { exclusions: own }: PomDependency,
    { depth, exclusions, path }: Level,
  ): Promise<GraphNode> {
    if (pom.dependencies.length === 0) return node
    if (depth >= maxDepth) throw graphTooLarge(`${maxDepth} levels`)
    const below = {
      depth: depth + 1,
      exclusions: mergeExclusions(exclusions, own),
      path: [...path, node],
    }
    const key = childrenKey(node.artifact as Artifact, below)
    const known = this.#children.get(key)
    if (known !== undefined) return { ...node, children: known }
    this.#children.set(key, node.children)
    await this.addAll(pom.dependencies, node, below)
    return node
  }
}

function isSameArtifact(node: GraphNode, artifact: Artifact): boolean {
  return node.artifact !== undefined && versionlessKey(node.artifact) === versionlessKey(artifact)
}

function childrenKey(artifact: Artifact, { depth, exclusions }: Level): string {
  const names = exclusions.map((found) => `${found.groupId}:${found.artifactId}`).toSorted()
  // Below the second level the same rules apply at every depth.
  return `${artifactId(artifact)} ${Math.min(depth, 2)} ${names.join(' ')}`
}

function graphTooLarge(bound: string): JarcastError {
  const message = `the dependencies exceed ${bound}; exclude some`
  return new JarcastError('PACKAGE_UNRESOLVABLE', message)
}
