/**
 * Dominant resource fairness: the client with the smallest share comes first. Clients are paths;
 * clients below a common path share one share (`a/b` and `a/c` together count as `a`).
 * Source: apache/mesos src/master/allocator/mesos/sorter/drf/sorter.cpp; docs/roles.md,
 * "Hierarchical roles".
 */

/** Thousandths of scalars by resource name. */
export type Quantities = ReadonlyMap<string, number>

export interface FairSharing {
  /** Lists the client. An inactive client's resources stay counted. */
  activate(path: string): void
  deactivate(path: string): void
  /** Removes the client with its resources. */
  remove(path: string): void
  allocate(path: string, quantities: Quantities): void
  release(path: string, quantities: Quantities): void
  /** Computes all shares anew, since the cluster's total changed. */
  invalidate(): void
  /**
   * Active clients, smallest share first. Of equals, the client with fewer allocations, then the
   * first by name.
   */
  sort(): readonly string[]
}

interface Node {
  readonly path: string
  readonly parent: Node | undefined
  /** Sorted, unless `isDirty`. */
  children: Node[]
  readonly held: Map<string, number>
  allocations: number
  share: number
  isActive: boolean
  isDirty: boolean
}

export function createFairSharing(total: Quantities): FairSharing {
  const root = newNode('', undefined)
  const clients = new Map<string, Node>()
  let sorted: readonly string[] | undefined

  function clientOf(path: string): Node {
    const known = clients.get(path)
    if (known !== undefined) return known
    const client = newNode(path, findOrAdd(root, path))
    client.parent?.children.push(client)
    clients.set(path, client)
    return client
  }

  function setActive(path: string, isActive: boolean): void {
    const client = clientOf(path)
    client.isActive = isActive
    touch(client)
  }

  function touch(node: Node): void {
    sorted = undefined
    for (let each = node.parent; each !== undefined; each = each.parent) each.isDirty = true
  }

  function change(path: string, quantities: Quantities, sign: 1 | -1): void {
    const client = clientOf(path)
    for (let node: Node | undefined = client; node !== undefined; node = node.parent) {
      if (sign > 0) node.allocations += 1
      for (const [name, milli] of quantities) {
        node.held.set(name, (node.held.get(name) ?? 0) + sign * milli)
      }
    }
    touch(client)
  }

  return {
    activate: (path) => setActive(path, true),
    deactivate: (path) => setActive(path, false),
    remove(path) {
      const client = clients.get(path)
      if (client === undefined) return
      change(path, client.held, -1)
      clients.delete(path)
      prune(client)
    },
    allocate: (path, quantities) => change(path, quantities, 1),
    release: (path, quantities) => change(path, quantities, -1),
    invalidate() {
      sorted = undefined
      markAll(root)
    },
    sort() {
      sorted ??= listActive(root, total)
      return sorted
    },
  }
}

function newNode(path: string, parent: Node | undefined): Node {
  return {
    path,
    parent,
    children: [],
    held: new Map(),
    allocations: 0,
    share: 0,
    isActive: false,
    isDirty: true,
  }
}

/** The inner node of a path. A client is a child of the inner node with its own path. */
function findOrAdd(root: Node, path: string): Node {
  let node = root
  for (const [index] of path.split('/').entries()) {
    const prefix = path.split('/', index + 1).join('/')
    let next = node.children.find((child) => child.path === prefix && !isClient(child))
    if (next === undefined) {
      next = newNode(prefix, node)
      node.children.push(next)
    }
    node = next
  }
  return node
}

/**
 * True for a client: its parent has the same path. The parents of inner nodes have shorter paths.
 */
function isClient({ parent, path }: Node): boolean {
  return parent?.path === path
}

function prune(node: Node): void {
  const { parent } = node
  if (parent === undefined) return
  parent.children = parent.children.filter((child) => child !== node)
  if (parent.children.length === 0) prune(parent)
}

function markAll(node: Node): void {
  node.isDirty = true
  for (const child of node.children) markAll(child)
}

function listActive(node: Node, total: Quantities): string[] {
  if (node.isDirty) {
    for (const child of node.children) child.share = shareOf(child.held, total)
    node.children.sort(compareNodes)
    node.isDirty = false
  }
  return node.children.flatMap((child) => {
    if (!isClient(child)) return listActive(child, total)
    return child.isActive ? [child.path] : []
  })
}

function compareNodes(left: Node, right: Node): number {
  if (left.share !== right.share) return left.share - right.share
  if (left.allocations !== right.allocations) return left.allocations - right.allocations
  return left.path < right.path ? -1 : Number(left.path > right.path)
}

function shareOf(held: Quantities, total: Quantities): number {
  let share = 0
  for (const [name, milli] of total) {
    if (milli > 0) share = Math.max(share, (held.get(name) ?? 0) / milli)
  }
  return share
}
