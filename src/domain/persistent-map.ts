/**
 * A persistent map as plain JSON: a change returns a new map that shares all but one path with the
 * old one. Machines keep large tables in it: a copy of 100,000 rows per event would cost
 * milliseconds.
 * A hash trie with 32 slots per node (Bagwell, "Ideal Hash Trees", 2001). The iteration order
 * depends on the keys alone.
 */
export interface PersistentMap<V> {
  readonly size: number
  readonly root: Branch<V>
}

type Leaf<V> = readonly [key: string, value: V]
/**
 * Present slots as a bit mask, and their nodes in slot order. A node with `rows` holds keys of one
 * hash.
 */
interface Branch<V> {
  readonly mask: number
  readonly nodes: readonly (Branch<V> | Bucket<V> | Leaf<V>)[]
}
interface Bucket<V> {
  readonly rows: readonly Leaf<V>[]
}
type Node<V> = Branch<V> | Bucket<V> | Leaf<V>

const bitsPerLevel = 5
const hashBits = 32

export function emptyMap<V>(): PersistentMap<V> {
  return { size: 0, root: { mask: 0, nodes: [] } }
}

export function getFrom<V>(map: PersistentMap<V>, key: string): V | undefined {
  const hash = hashOf(key)
  let branch = map.root
  for (let shift = 0; ; shift += bitsPerLevel) {
    const bit = bitAt(hash, shift)
    if ((branch.mask & bit) === 0) return undefined
    const node = branch.nodes[indexOf(branch.mask, bit)]
    if (node === undefined) return undefined
    if (isLeaf(node)) return node[0] === key ? node[1] : undefined
    if ('rows' in node) return node.rows.find(([other]) => other === key)?.[1]
    branch = node
  }
}

export function setIn<V>(map: PersistentMap<V>, key: string, value: V): PersistentMap<V> {
  const change = { isNew: true }
  const root = insert(map.root, [key, value], hashOf(key), 0, change)
  return { size: change.isNew ? map.size + 1 : map.size, root }
}

export function removeFrom<V>(map: PersistentMap<V>, key: string): PersistentMap<V> {
  if (getFrom(map, key) === undefined) return map
  return { size: map.size - 1, root: prune(map.root, key, hashOf(key), 0) }
}

/** Every value, in an order that depends on the keys alone. */
export function* valuesOf<V>(map: PersistentMap<V>): Generator<V> {
  for (const [, value] of leavesBelow(map.root)) yield value
}

/** Every key with its value, in the same order. */
export function entriesOf<V>(map: PersistentMap<V>): Iterable<readonly [key: string, value: V]> {
  return leavesBelow(map.root)
}

function* leavesBelow<V>(node: Node<V>): Generator<Leaf<V>> {
  if (isLeaf(node)) yield node
  else if ('rows' in node) yield* node.rows
  else for (const below of node.nodes) yield* leavesBelow(below)
}

interface Change {
  isNew: boolean
}

function insert<V>(
  branch: Branch<V>,
  leaf: Leaf<V>,
  hash: number,
  shift: number,
  change: Change,
): Branch<V> {
  const bit = bitAt(hash, shift)
  const index = indexOf(branch.mask, bit)
  if ((branch.mask & bit) === 0) {
    return { mask: branch.mask | bit, nodes: branch.nodes.toSpliced(index, 0, leaf) }
  }
  const node = branch.nodes[index] ?? leaf
  return {
    mask: branch.mask,
    nodes: branch.nodes.with(index, merge(node, leaf, hash, shift, change)),
  }
}

function merge<V>(
  node: Node<V>,
  leaf: Leaf<V>,
  hash: number,
  shift: number,
  change: Change,
): Node<V> {
  const below = shift + bitsPerLevel
  if (isLeaf(node)) {
    if (node[0] === leaf[0]) {
      change.isNew = false
      return leaf
    }
    if (below >= hashBits) return { rows: [node, leaf] }
    const single = insert({ mask: 0, nodes: [] }, node, hashOf(node[0]), below, change)
    return insert(single, leaf, hash, below, change)
  }
  if ('mask' in node) return insert(node, leaf, hash, below, change)
  const others = node.rows.filter(([key]) => key !== leaf[0])
  change.isNew = others.length === node.rows.length
  return { rows: [...others, leaf] }
}

function prune<V>(branch: Branch<V>, key: string, hash: number, shift: number): Branch<V> {
  const bit = bitAt(hash, shift)
  const index = indexOf(branch.mask, bit)
  const node = branch.nodes[index]
  const left = node === undefined ? undefined : without(node, key, hash, shift + bitsPerLevel)
  return left === undefined
    ? { mask: branch.mask & ~bit, nodes: branch.nodes.toSpliced(index, 1) }
    : { mask: branch.mask, nodes: branch.nodes.with(index, left) }
}

/**
 * The node without the key; undefined when nothing is left. A branch left with one leaf becomes
 * that leaf.
 */
function without<V>(node: Node<V>, key: string, hash: number, shift: number): Node<V> | undefined {
  if (isLeaf(node)) return undefined
  if ('rows' in node) {
    const rows = node.rows.filter(([other]) => other !== key)
    return rows.length === 1 ? rows[0] : { rows }
  }
  const branch = prune(node, key, hash, shift)
  const [only] = branch.nodes
  if (only === undefined) return undefined
  return branch.nodes.length === 1 && isLeaf(only) ? only : branch
}

function isLeaf<V>(node: Node<V>): node is Leaf<V> {
  return Array.isArray(node)
}

function bitAt(hash: number, shift: number): number {
  return 1 << ((hash >>> shift) & 31)
}

/** Number of present slots before that of `bit`: the index of its node. */
function indexOf(mask: number, bit: number): number {
  let bits = mask & (bit - 1)
  bits -= (bits >>> 1) & 0x55555555
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}

/** FNV-1a, 32 bits, then mixed: ids often differ in their last character only. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return (hash ^ (hash >>> 16)) >>> 0
}
