/** The rows in which two persistent maps differ: equal parts of their tries are skipped. */
import { isLeaf, leavesBelow, maxLevels } from './persistent-map.ts'
import type { Branch, PersistentMap, TrieNode } from './persistent-map.ts'

type Row = readonly [key: string, before: unknown, after: unknown]

/** `missing` stands for the value of a row that is not there. */
export function rowsBetween(
  before: PersistentMap,
  after: PersistentMap,
  missing: symbol,
): readonly Row[] {
  const rows: Row[] = []

  function compareNodes(
    one: TrieNode | undefined,
    other: TrieNode | undefined,
    level: number,
  ): void {
    if (one === other) return
    if (level < maxLevels && isBranch(one) && isBranch(other)) compareBranches(one, other, level)
    else compareLeaves(one, other)
  }

  function compareBranches(one: Branch, other: Branch, level: number): void {
    let bits = one.mask | other.mask
    let left = 0
    let right = 0
    while (bits !== 0) {
      const bit = bits & -bits
      bits ^= bit
      const was = (one.mask & bit) === 0 ? undefined : one.nodes[left++]
      const is = (other.mask & bit) === 0 ? undefined : other.nodes[right++]
      compareNodes(was, is, level + 1)
    }
  }

  function compareLeaves(one: TrieNode | undefined, other: TrieNode | undefined): void {
    const earlier = new Map(one === undefined ? [] : leavesBelow(one))
    for (const [key, value] of other === undefined ? [] : leavesBelow(other)) {
      const was = earlier.has(key) ? earlier.get(key) : missing
      earlier.delete(key)
      if (was !== value) rows.push([key, was, value])
    }
    for (const [key, value] of earlier) rows.push([key, value, missing])
  }

  compareNodes(before.root, after.root, 0)
  return rows
}

function isBranch(node: TrieNode | undefined): node is Branch {
  return node !== undefined && !isLeaf(node) && 'mask' in node
}
