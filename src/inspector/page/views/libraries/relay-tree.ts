/** Who fetches a library from whom. */
import { groupBy } from '../../../../group-by.ts'
import type { RelayAt } from '../../../protocol/lens-views.ts'

/** The jar server as a source. */
const server = 'server'

/** Parts of a library that travel along the same tree. */
export interface RelayTree {
  /** From 1. */
  readonly parts: readonly number[]
  readonly nodes: readonly RelayNode[]
}

export interface RelayNode {
  /** `ADDRESS:PORT`. */
  readonly id: string
  readonly name: string
  /** 0 for a host that fetches from the server. */
  readonly depth: number
  /** Number of rows from the row of its source to its own. */
  readonly rows: number
  readonly isComplete: boolean
  /** False while it waits for its sources. */
  readonly isPlanned: boolean
}

/**
 * The trees of one library. Each part has a tree of its own, in which every host has one source;
 * parts with the same tree are together.
 */
export function relayTrees(relays: readonly RelayAt[]): readonly RelayTree[] {
  const count = Math.max(1, ...relays.map(({ sources }) => sources.length))
  const parts = Array.from({ length: count }, (_, part) => ({ part, nodes: treeOf(relays, part) }))
  return [...groupBy(parts, ({ nodes }) => JSON.stringify(nodes)).values()].map((same) => ({
    parts: same.map(({ part }) => part + 1),
    nodes: same[0]?.nodes ?? [],
  }))
}

/** Hosts below their source, in the order of the tree. */
function treeOf(relays: readonly RelayAt[], part: number): readonly RelayNode[] {
  const ids = new Set(relays.map(({ host }) => host))
  const children = groupBy(relays, ({ sources }) => {
    const source = sources[part]
    return source !== undefined && ids.has(source) ? source : server
  })
  const nodes: RelayNode[] = []
  const seen = new Set<string>()
  const add = (source: string, depth: number): void => {
    const sourceRow = nodes.length - 1
    for (const relay of children.get(source) ?? []) {
      if (seen.has(relay.host)) continue
      seen.add(relay.host)
      nodes.push(nodeOf(relay, depth, nodes.length - sourceRow))
      add(relay.host, depth + 1)
    }
  }
  add(server, 0)
  // While sources change, hosts may name each other: no tree has them.
  for (const relay of relays)
    if (!seen.has(relay.host)) nodes.push(nodeOf(relay, 0, nodes.length + 1))
  return nodes
}

function nodeOf(relay: RelayAt, depth: number, rows: number): RelayNode {
  const { host, hostname = host, isComplete, sources } = relay
  return { id: host, name: hostname, depth, rows, isComplete, isPlanned: sources.length > 0 }
}

/** Hostnames by address, of the addresses that have only one. */
export function hostnamesOf(relays: readonly RelayAt[]): ReadonlyMap<string, string> {
  const byAddress = groupBy(relays, ({ host }) => host.replace(/:\d+$/, '').replace(/[[\]]/g, ''))
  return new Map(
    [...byAddress].flatMap(([address, own]) => {
      const [name, ...others] = new Set(own.map(({ hostname }) => hostname))
      return name === undefined || others.length > 0 ? [] : [[address, name] as const]
    }),
  )
}
