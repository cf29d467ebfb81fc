/** Who fetches a library from whom. */
import { groupBy } from '../../../../group-by.ts'
import type { RelayAt } from '../../../protocol/lens-views.ts'

/** The jar server as a source. */
export const server = 'server'

export interface RelayNode {
  readonly host: string
  /** 0 for a host that fetches from the server. */
  readonly depth: number
  readonly isComplete: boolean
  /** Number of parts by source, the largest first. */
  readonly sources: readonly (readonly [source: string, parts: number])[]
}

/** Hosts below the one that most of their parts come from, in the order of the tree. */
export function relayTree(relays: readonly RelayAt[]): readonly RelayNode[] {
  const hosts = new Map(relays.map((relay) => [relay.host, relay]))
  const children = groupBy(relays, (relay) => parentOf(relay, hosts))
  const nodes: RelayNode[] = []
  const seen = new Set<string>()
  const add = (parent: string, depth: number): void => {
    for (const relay of children.get(parent) ?? []) {
      if (seen.has(relay.host)) continue
      seen.add(relay.host)
      nodes.push(nodeOf(relay, depth))
      add(relay.host, depth + 1)
    }
  }
  add(server, 0)
  // With stripes, two hosts can each get most from the other: no tree has them.
  for (const relay of relays) if (!seen.has(relay.host)) nodes.push(nodeOf(relay, 0))
  return nodes
}

function nodeOf(relay: RelayAt, depth: number): RelayNode {
  return { host: relay.host, depth, isComplete: relay.isComplete, sources: countsOf(relay) }
}

function parentOf(relay: RelayAt, hosts: ReadonlyMap<string, RelayAt>): string {
  const [first] = countsOf(relay)
  return first !== undefined && hosts.has(first[0]) ? first[0] : server
}

function countsOf({ sources }: RelayAt): RelayNode['sources'] {
  const counts = new Map<string, number>()
  for (const source of sources) counts.set(source, (counts.get(source) ?? 0) + 1)
  return [...counts].toSorted(([, one], [, other]) => other - one)
}
