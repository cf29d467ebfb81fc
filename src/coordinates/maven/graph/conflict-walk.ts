/**
 * One walk over a graph that finds the nodes of one conflict, with depth and scope as they are seen
 * from the root, and takes out what has lost before.
 * Source: maven-resolver 1.6, "ConflictResolver".
 */
import type { GraphNode } from './graph-node.ts'
import type { ConflictId } from './conflict-ids.ts'

/** A node that takes part in a conflict, once for each list of children that it is in. */
export interface ConflictItem {
  readonly parent: GraphNode | undefined
  readonly siblings: GraphNode[] | undefined
  readonly node: GraphNode
  depth: number
  readonly scopes: Set<string>
  isEverRequired: boolean
}

export interface WalkState {
  readonly idOf: ReadonlyMap<GraphNode, ConflictId>
  /** Winners of settled conflicts; undefined if no candidate is left. */
  readonly winners: Map<ConflictId, GraphNode | undefined>
  /** Below which ids something can still be found. */
  readonly ancestors: Set<ConflictId>
}

interface Visit {
  minDepth: number
  readonly scopes: Set<string>
  readonly optionalities: Set<boolean>
  readonly items: ConflictItem[]
}

interface Parent {
  readonly node: GraphNode
  readonly scope: string
  readonly isOptional: boolean
  /** Undefined when the node was visited before: then its items are known already. */
  readonly visit: Visit | undefined
}

/** The nodes of `current` below `start`, in the order in which they are met. */
export function walkConflict(
  start: GraphNode,
  current: ConflictId | undefined,
  { idOf, winners, ancestors }: WalkState,
): readonly ConflictItem[] {
  const items: ConflictItem[] = []
  const visits = new Map<GraphNode[], Visit>()
  const open = new Set<GraphNode[]>()
  const parents: Parent[] = []

  /** False for a node that has lost. */
  function gather(node: GraphNode): boolean {
    const id = idOf.get(node)
    if (current !== undefined && id === current) addItem(node)
    else if (hasLost(node, id)) return false
    else if (enter(node, id)) {
      for (let index = 0; index < node.children.length;) {
        if (gather(node.children[index] as GraphNode)) index += 1
        else node.children.splice(index, 1)
      }
      parents.pop()
      open.delete(node.children)
    }
    return true
  }

  function hasLost(node: GraphNode, id: ConflictId | undefined): boolean {
    const winner = id === undefined ? undefined : winners.get(id)
    return winner !== undefined && winner !== node
  }

  function enter(node: GraphNode, id: ConflictId | undefined): boolean {
    if (id !== undefined && !ancestors.has(id)) return false
    if (open.has(node.children)) return false
    const scope = scopeOf(node, id)
    const isOptional = optionalityOf(node, id)
    const known = visits.get(node.children)
    const parent = { node, scope, isOptional }
    if (known === undefined) {
      const visit: Visit = {
        minDepth: parents.length,
        scopes: new Set([scope]),
        optionalities: new Set([isOptional]),
        items: [],
      }
      visits.set(node.children, visit)
      parents.push({ ...parent, visit })
    } else {
      known.minDepth = Math.min(known.minDepth, parents.length)
      const isNewScope = !known.scopes.has(scope)
      const isNewOptionality = !known.optionalities.has(isOptional)
      if (!isNewScope && !isNewOptionality) return false
      known.scopes.add(scope)
      known.optionalities.add(isOptional)
      parents.push({ ...parent, visit: undefined })
      for (const item of known.items) {
        if (isNewScope) item.scopes.add(scopeOf(item.node, undefined))
        if (isNewOptionality && !optionalityOf(item.node, undefined)) item.isEverRequired = true
      }
    }
    open.add(node.children)
    return true
  }

  function addItem(node: GraphNode): void {
    const parent = parents.at(-1)
    if (parent !== undefined && parent.visit === undefined) return
    const item: ConflictItem = {
      parent: parent?.node,
      siblings: parent?.node.children,
      node,
      depth: 0,
      scopes: new Set([scopeOf(node, undefined)]),
      isEverRequired: !optionalityOf(node, undefined),
    }
    parent?.visit?.items.push(item)
    items.push(item)
  }

  function scopeOf(node: GraphNode, id: ConflictId | undefined): string {
    if (node.isScopeManaged || (id !== undefined && winners.has(id))) return node.scope
    const parent = parents.at(-1)
    return parent === undefined ? node.scope : deriveScope(parent.scope, node.scope)
  }

  function optionalityOf(node: GraphNode, id: ConflictId | undefined): boolean {
    if (node.isOptional || node.isOptionalManaged || (id !== undefined && winners.has(id))) {
      return node.isOptional
    }
    return parents.at(-1)?.isOptional ?? false
  }

  gather(start)
  for (const item of items) {
    if (item.siblings !== undefined) item.depth = (visits.get(item.siblings)?.minDepth ?? 0) + 1
  }
  return items
}

/** Source: Maven's "Introduction to the Dependency Mechanism", "Dependency Scope". */
function deriveScope(parent: string, child: string): string {
  if (child === 'system' || child === 'test') return child
  if (parent === '' || parent === 'compile') return child
  if (parent === 'test' || parent === 'runtime') return parent
  return parent === 'system' || parent === 'provided' ? 'provided' : 'runtime'
}
