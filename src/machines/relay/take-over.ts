/** Brings a relaying host near to the root, and those without a good source below it. */
import { server } from '../../domain/relay/relay-events.ts'
import type { RelaySource } from '../../domain/relay/relay-events.ts'
import { depthOf, fanOut, loadOf, relaysStripe, setSource } from './plan-draft.ts'
import type { Draft, DraftHost } from './plan-draft.ts'

/**
 * The host takes the place of one nearer to the root that does not relay its stripe; that one then
 * takes from it. So do hosts that took from the server or from a full host for want of a source.
 */
export function takeOver(draft: Draft, host: DraftHost): void {
  const { stripe } = host
  const leaf = nearestLeaf(draft, host)
  if (leaf !== undefined) {
    const place = leaf.sources[stripe] ?? server
    setSource(draft, leaf, stripe, host.id)
    setSource(draft, host, stripe, place)
  }
  for (const other of draft.hosts.values()) {
    if (loadOf(draft, host.id, stripe) >= fanOut) return
    const source = other.sources[stripe]
    if (source === undefined || source === host.id || relaysStripe(other, stripe)) continue
    const room = source === server ? 0 : fanOut
    if (loadOf(draft, source, stripe) > room && !other.avoids.includes(host.id))
      setSource(draft, other, stripe, host.id)
  }
}

/**
 * A leaf nearer to the root than the host. Any leaf will do if the host shares the server with
 * another host, or its source with more than a full share of relaying hosts.
 */
function nearestLeaf(draft: Draft, host: DraftHost): DraftHost | undefined {
  const { stripe } = host
  const { [stripe]: own = server } = host.sources
  const relaying = countRelaying(draft, stripe)
  const isCrowded =
    own === server ? loadOf(draft, server, stripe) > 1 : (relaying.get(own) ?? 0) > fanOut
  let best: DraftHost | undefined
  let bestDepth = isCrowded ? Infinity : depthOf(draft, host, stripe)
  for (const leaf of draft.hosts.values()) {
    const source = leaf.sources[stripe]
    if (source === undefined || relaysStripe(leaf, stripe)) continue
    if (leaf.avoids.includes(host.id) || host.avoids.includes(source)) continue
    if (source !== server && (relaying.get(source) ?? 0) >= fanOut) continue
    const depth = depthOf(draft, leaf, stripe)
    if (depth >= bestDepth) continue
    best = leaf
    bestDepth = depth
  }
  return best
}

/** By source: the number of hosts that take the stripe from it and relay it. */
function countRelaying({ hosts }: Draft, stripe: number): ReadonlyMap<RelaySource, number> {
  const counts = new Map<RelaySource, number>()
  for (const host of hosts.values()) {
    const source = host.sources[stripe]
    if (source === undefined || !relaysStripe(host, stripe)) continue
    counts.set(source, (counts.get(source) ?? 0) + 1)
  }
  return counts
}
