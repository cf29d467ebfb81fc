/**
 * Chooses one version of each artifact: the nearest to the root, the first of equally near ones. A
 * winner must be in every range.
 * Source: maven-resolver 1.6, "ConflictResolver", "NearestVersionSelector", "JavaScopeSelector",
 * "SimpleOptionalitySelector"; Maven's "Introduction to the Dependency Mechanism".
 */
import { JarcastError } from '../../../errors.ts'
import { artifactId } from '../model/artifact.ts'
import type { GraphNode } from './graph-node.ts'
import { findConflicts } from './conflict-ids.ts'
import { walkConflict } from './conflict-walk.ts'
import type { ConflictItem, WalkState } from './conflict-walk.ts'
import { allowsVersion, isRange } from '../versions/version-constraint.ts'
import type { VersionConstraint } from '../versions/version-constraint.ts'
import { compareVersions } from '../versions/version.ts'

/** One artifact that was requested in several versions. */
export interface VersionConflict {
  readonly winner: GraphNode
  /** In walking order. */
  readonly losers: readonly { readonly node: GraphNode; readonly parent: GraphNode | undefined }[]
}

/**
 * Removes all losers from the graph, and returns the conflicts. Throws `PACKAGE_UNRESOLVABLE`,
 * which names the ranges, when no version is in all of them.
 */
export function resolveConflicts(root: GraphNode): readonly VersionConflict[] {
  const { idOf, sorted, cyclic } = findConflicts(root)
  const state: WalkState = { idOf, winners: new Map(), ancestors: new Set() }
  const conflicts: VersionConflict[] = []
  let last: GraphNode | undefined
  for (const id of sorted) {
    for (const predecessor of cyclic.get(id) ?? []) state.ancestors.add(predecessor)
    const items = walkConflict(root, id, state)
    state.ancestors.add(id)
    last = items.length === 0 ? undefined : settle(items, conflicts)
    state.winners.set(id, last)
  }
  // In cycles, losers may remain below the last winner.
  if (cyclic.size > 0 && last !== undefined) walkConflict(last, undefined, state)
  return conflicts
}

function settle(items: readonly ConflictItem[], conflicts: VersionConflict[]): GraphNode {
  const winner = selectWinner(items)
  const { node } = winner
  node.scope = selectScope(winner, items)
  node.isOptional = selectOptionality(items)
  const losers = items.filter((item) => item !== winner)
  for (const { siblings, node: loser } of losers) {
    const at = siblings?.indexOf(loser) ?? -1
    if (at >= 0) siblings?.splice(at, 1)
  }
  const others = losers.filter(
    ({ node: loser }) => loser.artifact?.version !== node.artifact?.version,
  )
  if (others.length > 0) {
    conflicts.push({
      winner: node,
      losers: others.map(({ node: loser, parent }) => ({ node: loser, parent })),
    })
  }
  return node
}

function selectWinner(items: readonly ConflictItem[]): ConflictItem {
  const demands: VersionConstraint[] = []
  let candidates: ConflictItem[] = []
  let winner: ConflictItem | undefined
  for (const item of items) {
    const { constraint } = item.node
    const isNew = isRange(constraint) && !demands.some(({ text }) => text === constraint.text)
    if (isNew) demands.push(constraint)
    const isBroken = isNew && winner !== undefined && !meets(winner, [constraint])
    if (meets(item, demands)) candidates.push(item)
    if (isBroken) {
      candidates = candidates.filter((candidate) => meets(candidate, demands))
      winner = candidates.reduce<ConflictItem | undefined>(nearer, undefined)
      if (winner === undefined) throw unsolvable(items)
    } else if (candidates.at(-1) === item) winner = nearer(winner, item)
  }
  if (winner === undefined) throw unsolvable(items)
  return winner
}

function nearer(best: ConflictItem | undefined, item: ConflictItem): ConflictItem {
  if (best === undefined) return item
  // Of several versions of one range, the newest wins.
  if (best.siblings === item.siblings) {
    return compareVersions(versionOf(item), versionOf(best)) > 0 ? item : best
  }
  return item.depth < best.depth ? item : best
}

function meets(item: ConflictItem, demands: readonly VersionConstraint[]): boolean {
  return demands.every((demand) => allowsVersion(demand, versionOf(item)))
}

function versionOf({ node }: ConflictItem): string {
  return node.artifact?.version ?? ''
}

/** The scope of a direct dependency, else the widest scope of all dependents. */
function selectScope(winner: ConflictItem, items: readonly ConflictItem[]): string {
  if (winner.node.scope === 'system') return 'system'
  const direct = items.find(({ depth }) => depth <= 1)
  if (direct !== undefined) return direct.node.scope
  const scopes = new Set(items.flatMap((item) => [...item.scopes]))
  if (scopes.size > 1) scopes.delete('system')
  if (scopes.size === 1) return [...scopes].join('')
  return ['compile', 'runtime', 'provided', 'test'].find((scope) => scopes.has(scope)) ?? ''
}

function selectOptionality(items: readonly ConflictItem[]): boolean {
  const direct = items.find(({ depth }) => depth <= 1)
  return direct === undefined ? !items.some((item) => item.isEverRequired) : direct.node.isOptional
}

function unsolvable(items: readonly ConflictItem[]): JarcastError {
  const artifact = items[0]?.node.artifact
  const name = artifact === undefined ? '' : `${artifact.groupId}:${artifact.artifactId}`
  const asked = items.map(({ node, parent }) => {
    const by = parent?.artifact === undefined ? 'you' : artifactId(parent.artifact)
    return `${node.constraint.text} by ${by}`
  })
  const message = `no version of maven:${name} meets all requirements: ${[...new Set(asked)].join(', ')}`
  return new JarcastError('PACKAGE_UNRESOLVABLE', message, { details: { package: name } })
}
