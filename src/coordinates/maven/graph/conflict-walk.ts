/**
 * One walk over a graph, which finds the nodes of one conflict with their depth and scope as seen
 * from the root, and removes the losers of earlier conflicts.
 * Source: maven-resolver 1.6, "ConflictResolver".
 */
import type { GraphNode } from './graph-node.ts'
import type { ConflictId } from './conflict-ids.ts'

/** One node of a conflict, in one list of children. */
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
  /** Winners of settled conflicts; undefined when no node was left. */
  readonly winners: Map<ConflictId, GraphNode | undefined>
  /** The walk enters nodes of these ids only: others have no node of the conflict below them. */
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
  /** Undefined when the node was visited before: its items are known. */
  readonly visit: Visit | undefined
}

/** The nodes of `current` below `start`, in walking order. Removes losers of other conflicts. */
export function walkConflict(
  start: GraphNode,
  current: ConflictId | undefined,
  state: WalkState,
): readonly ConflictItem[] {
  return new ConflictWalk(current, state).walk(start)
}

class ConflictWalk {
  readonly #current: ConflictId | undefined
  readonly #state: WalkState
  readonly #items: ConflictItem[] = []
  readonly #visits = new Map<GraphNode[], Visit>()
  readonly #open = new Set<GraphNode[]>()
  readonly #parents: Parent[] = []

  constructor(current: ConflictId | undefined, state: WalkState) {
    this.#current = current
    this.#state = state
  }

  walk(start: GraphNode): readonly ConflictItem[] {
    this.#gather(start)
    for (const item of this.#items) {
      const { siblings } = item
      if (siblings !== undefined) item.depth = (this.#visits.get(siblings)?.minDepth ?? 0) + 1
    }
    return this.#items
  }

  /** False for a node that has lost. */
  #gather(node: GraphNode): boolean {
    const id = this.#state.idOf.get(node)
    if (this.#current !== undefined && id === this.#current) this.#addItem(node)
    else if (this.#hasLost(node, id)) return false
    else if (this.#enter(node, id)) this.#gatherChildren(node)
    return true
  }

  #gatherChildren({ children }: GraphNode): void {
    for (let index = 0; index < children.length;) {
      if (this.#gather(children[index] as GraphNode)) index += 1
      else children.splice(index, 1)
    }
    this.#parents.pop()
    this.#open.delete(children)
  }

  #hasLost(node: GraphNode, id: ConflictId | undefined): boolean {
    const winner = id === undefined ? undefined : this.#state.winners.get(id)
    return winner !== undefined && winner !== node
  }

  /** False when the walk through the node's children would find nothing new. */
  #enter(node: GraphNode, id: ConflictId | undefined): boolean {
    if (id !== undefined && !this.#state.ancestors.has(id)) return false
    if (this.#open.has(node.children)) return false
    const scope = this.#scopeOf(node, id)
    const isOptional = this.#optionalityOf(node, id)
    const known = this.#visits.get(node.children)
    if (known !== undefined) return this.#enterAgain({ node, scope, isOptional }, known)
    const visit: Visit = {
      minDepth: this.#parents.length,
      scopes: new Set([scope]),
      optionalities: new Set([isOptional]),
      items: [],
    }
    this.#visits.set(node.children, visit)
    this.#parents.push({ node, scope, isOptional, visit })
    this.#open.add(node.children)
    return true
  }

  #enterAgain(parent: Omit<Parent, 'visit'>, known: Visit): boolean {
    const { node, scope, isOptional } = parent
    known.minDepth = Math.min(known.minDepth, this.#parents.length)
    const isNewScope = !known.scopes.has(scope)
    const isNewOptionality = !known.optionalities.has(isOptional)
    if (!isNewScope && !isNewOptionality) return false
    known.scopes.add(scope)
    known.optionalities.add(isOptional)
    this.#parents.push({ ...parent, visit: undefined })
    for (const item of known.items) {
      if (isNewScope) item.scopes.add(this.#scopeOf(item.node, undefined))
      if (isNewOptionality && !this.#optionalityOf(item.node, undefined)) item.isEverRequired = true
    }
    this.#open.add(node.children)
    return true
  }

  #addItem(node: GraphNode): void {
    const parent = this.#parents.at(-1)
    if (parent !== undefined && parent.visit === undefined) return
    const item: ConflictItem = {
      parent: parent?.node,
      siblings: parent?.node.children,
      node,
      depth: 0,
      scopes: new Set([this.#scopeOf(node, undefined)]),
      isEverRequired: !this.#optionalityOf(node, undefined),
    }
    parent?.visit?.items.push(item)
    this.#items.push(item)
  }

  #scopeOf(node: GraphNode, id: ConflictId | undefined): string {
    if (node.isScopeManaged || this.#isSettled(id)) return node.scope
    const parent = this.#parents.at(-1)
    return parent === undefined ? node.scope : deriveScope(parent.scope, node.scope)
  }

  #optionalityOf(node: GraphNode, id: ConflictId | undefined): boolean {
    if (node.isOptional || node.isOptionalManaged || this.#isSettled(id)) return node.isOptional
    return this.#parents.at(-1)?.isOptional ?? false
  }

  #isSettled(id: ConflictId | undefined): boolean {
    return id !== undefined && this.#state.winners.has(id)
  }
}

/** Source: Maven's "Introduction to the Dependency Mechanism", "Dependency Scope". */
function deriveScope(parent: string, child: string): string {
  if (child === 'system' || child === 'test') return child
  if (parent === '' || parent === 'compile') return child
  if (parent === 'test' || parent === 'runtime') return parent
  return parent === 'system' || parent === 'provided' ? 'provided' : 'runtime'
}
