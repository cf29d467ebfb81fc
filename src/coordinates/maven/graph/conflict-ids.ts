/**
 * Groups the nodes that exclude each other on a class path, and sorts these groups: a project after
 * all its dependents, except in cycles.
 * Source: maven-resolver 1.6, "ConflictMarker", "ConflictIdSorter".
 */
import { versionlessKey } from '../model/artifact.ts'
import type { GraphNode } from './graph-node.ts'

export interface ConflictIds {
  /** Of every node but the root. */
  readonly idOf: ReadonlyMap<GraphNode, ConflictId>
  readonly sorted: readonly ConflictId[]
  /** For each id in a cycle: all ids of its cycles. */
  readonly cyclic: ReadonlyMap<ConflictId, ReadonlySet<ConflictId>>
}

/** One group of nodes, of which one can win. */
export interface ConflictId {
  /** Number of direct dependents that are not sorted yet. */
  inDegree: number
  minDepth: number
  readonly children: Set<ConflictId>
}

export function findConflicts(root: GraphNode): ConflictIds {
  const nodes = listNodes(root)
  const idOf = markNodes(nodes)
  const ids = linkIds(root, idOf)
  const sorted = sortIds(ids)
  const hasCycle = sorted.length < ids.length
  const all = hasCycle ? breakCycles(ids, sorted) : sorted
  return { idOf, sorted: all, cyclic: hasCycle ? findCycles(ids) : new Map() }
}

function listNodes(root: GraphNode): readonly GraphNode[] {
  const nodes = new Set<GraphNode>()
  const open = [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (nodes.has(node)) continue
    nodes.add(node)
    open.push(...node.children.toReversed())
  }
  return [...nodes]
}

/** Nodes with a common present or former name share an id. */
function markNodes(nodes: readonly GraphNode[]): ReadonlyMap<GraphNode, ConflictId> {
  const parents = new Map<string, string>()
  const find = (key: string): string => {
    let top = key
    for (let next = parents.get(top); next !== undefined; next = parents.get(top)) top = next
    return top
  }
  for (const { artifact, relocations } of nodes) {
    if (artifact === undefined) continue
    const to = find(versionlessKey(artifact))
    for (const relocation of relocations) {
      const from = find(versionlessKey(relocation))
      if (from !== to) parents.set(from, to)
    }
  }
  const ids = new Map<string, ConflictId>()
  const idOf = new Map<GraphNode, ConflictId>()
  for (const node of nodes) {
    if (node.artifact === undefined) continue
    const key = find(versionlessKey(node.artifact))
    const id = ids.get(key) ?? {
      inDegree: 0,
      minDepth: Number.POSITIVE_INFINITY,
      children: new Set(),
    }
    ids.set(key, id)
    idOf.set(node, id)
  }
  return idOf
}

/** Links each id to its dependencies. Returns the ids in walking order. */
function linkIds(root: GraphNode, idOf: ReadonlyMap<GraphNode, ConflictId>): readonly ConflictId[] {
  const ids = new Set<ConflictId>()
  const visited = new Set<GraphNode>()
  function visit(node: GraphNode, id: ConflictId | undefined, depth: number): void {
    if (visited.has(node)) return
    visited.add(node)
    for (const child of node.children) {
      const childId = idOf.get(child) as ConflictId
      if (!ids.has(childId)) {
        ids.add(childId)
        childId.minDepth = depth
      } else pullUp(childId, depth)
      if (id !== undefined && !id.children.has(childId)) {
        id.children.add(childId)
        childId.inDegree += 1
      }
      visit(child, childId, depth + 1)
    }
  }
  visit(root, undefined, 1)
  return [...ids]
}

function pullUp(id: ConflictId, depth: number): void {
  if (depth >= id.minDepth) return
  id.minDepth = depth
  for (const child of id.children) pullUp(child, depth + 1)
}

function sortIds(ids: readonly ConflictId[]): ConflictId[] {
  const sorted: ConflictId[] = []
  settle(
    ids.filter(({ inDegree }) => inDegree <= 0),
    sorted,
  )
  return sorted
}

/** Takes the nearest id of a cycle as if it had no dependents, until all are sorted. */
function breakCycles(ids: readonly ConflictId[], sorted: ConflictId[]): readonly ConflictId[] {
  while (sorted.length < ids.length) {
    const waiting = ids.filter(({ inDegree }) => inDegree > 0)
    const nearest = waiting.reduce((best, id) => {
      if (id.minDepth !== best.minDepth) return id.minDepth < best.minDepth ? id : best
      return id.inDegree < best.inDegree ? id : best
    })
    nearest.inDegree = 0
    settle([nearest], sorted)
  }
  return sorted
}

/** Nearest first; equally near ones in order of arrival. */
function settle(roots: readonly ConflictId[], sorted: ConflictId[]): void {
  const queue: ConflictId[] = []
  const enqueue = (id: ConflictId): void => {
    const at = queue.findLastIndex(({ minDepth }) => minDepth <= id.minDepth)
    queue.splice(at + 1, 0, id)
  }
  roots.forEach(enqueue)
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    sorted.push(id)
    for (const child of id.children) {
      child.inDegree -= 1
      if (child.inDegree === 0) enqueue(child)
    }
  }
}

function findCycles(ids: readonly ConflictId[]): ReadonlyMap<ConflictId, ReadonlySet<ConflictId>> {
  const cyclic = new Map<ConflictId, Set<ConflictId>>()
  const stack: ConflictId[] = []
  const visited = new Set<ConflictId>()
  function visit(id: ConflictId): void {
    const at = stack.indexOf(id)
    if (at >= 0) {
      const cycle = stack.slice(at)
      for (const member of cycle) {
        const all = cyclic.get(member) ?? new Set()
        for (const other of cycle) all.add(other)
        cyclic.set(member, all)
      }
      return
    }
    if (visited.has(id)) return
    visited.add(id)
    stack.push(id)
    for (const child of id.children) visit(child)
    stack.pop()
  }
  ids.forEach(visit)
  return cyclic
}
