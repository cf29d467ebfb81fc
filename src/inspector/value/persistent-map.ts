/**
 * Persistent maps, known by their shape `{ size, root: { mask, nodes } }`: a trie of branches, of
 * buckets `{ rows }`, and of leaves `[key, value]`.
 */
import { ownDataOf } from './hostile.ts'

export interface PersistentMap {
  readonly size: number
  readonly root: Branch
}

export type Leaf = readonly [key: string, value: unknown]
export interface Branch {
  readonly mask: number
  readonly nodes: readonly TrieNode[]
}
export interface Bucket {
  readonly rows: readonly Leaf[]
}
export type TrieNode = Branch | Bucket | Leaf

/** Levels of 32 bits, five each, with room: a deeper one is no trie. */
export const maxLevels = 8

export function isPersistentMap(value: object): value is PersistentMap {
  if (typeof ownDataOf(value, 'size') !== 'number') return false
  return isBranch(ownDataOf(value, 'root')) && Object.keys(value).length === 2
}

function isBranch(value: unknown): value is Branch {
  if (typeof value !== 'object' || value === null) return false
  return typeof ownDataOf(value, 'mask') === 'number' && Array.isArray(ownDataOf(value, 'nodes'))
}

export function isLeaf(node: TrieNode): node is Leaf {
  return Array.isArray(node)
}

export function leavesOf({ root }: PersistentMap): Generator<Leaf> {
  return leavesBelow(root)
}

export function* leavesBelow(node: TrieNode, level = 0): Generator<Leaf> {
  if (isLeaf(node)) yield node
  else if (level < maxLevels) {
    if ('rows' in node) yield* node.rows
    else for (const below of node.nodes) yield* leavesBelow(below, level + 1)
  }
}
