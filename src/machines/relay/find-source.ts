/** The choice of a source for one stripe of one host. */
import { server } from '../../domain/relay/relay-events.ts'
import type { RelaySource } from '../../domain/relay/relay-events.ts'
import { depthOf, fanOut, hasAll, isBelow, loadOf, maxFanOut } from './plan-draft.ts'
import type { Draft, DraftHost } from './plan-draft.ts'

/** A source in the same rack is preferred to one that is this number of hops nearer. */
const rackHops = 2

/**
 * Returns, in this order: a complete host with room; the server, if it feeds no other host this
 * stripe; the nearest host with room, the same rack first; the server.
 */
export function findSource(draft: Draft, host: DraftHost, stripe: number): RelaySource {
  const able = Array.from(draft.hosts.values()).filter((source) =>
    canTake(draft, host, source, stripe),
  )
  const within = (limit: number, sources: readonly DraftHost[] = able): string | undefined => {
    const free = sources.filter(({ id }) => loadOf(draft, id, stripe) < limit)
    return nearest(draft, host, stripe, free)?.id
  }
  const complete = within(fanOut, able.filter(hasAll))
  if (complete !== undefined) return complete
  const served = loadOf(draft, server, stripe) - (host.sources[stripe] === server ? 1 : 0)
  if (served === 0) return server
  return within(fanOut) ?? within(maxFanOut) ?? recruit(draft, host, stripe)?.id ?? server
}

/** Switches a host without takers to this stripe, when too many of its relaying hosts were lost. */
function recruit(draft: Draft, host: DraftHost, stripe: number): DraftHost | undefined {
  for (const source of draft.hosts.values()) {
    if (hasAll(source) || loadOf(draft, source.id, stripe) > 0) continue
    if (source.stripe === stripe || !canTake(draft, host, { ...source, stripe }, stripe)) continue
    source.stripe = stripe
    return source
  }
  return undefined
}

function canTake(draft: Draft, host: DraftHost, source: DraftHost, stripe: number): boolean {
  if (!source.canServe || source.id === host.id || host.avoids.includes(source.id)) return false
  return hasAll(source) || (source.stripe === stripe && !isBelow(draft, source, host, stripe))
}

function nearest(
  draft: Draft,
  host: DraftHost,
  stripe: number,
  sources: readonly DraftHost[],
): DraftHost | undefined {
  let best: DraftHost | undefined
  let bestCost = Infinity
  for (const source of sources) {
    const hops = depthOf(draft, source, stripe) + (source.rack === host.rack ? 0 : rackHops)
    // Among equals, the one with the most room.
    const cost = hops + loadOf(draft, source.id, stripe) / (maxFanOut + 1)
    if (cost >= bestCost) continue
    best = source
    bestCost = cost
  }
  return best
}
