/**
 * The sources of each host for each stripe of one library. Each stripe travels along its own tree,
 * with the server at the root. A host relays one stripe only, so that a lost host disturbs one
 * stripe, and the hosts together send as much as they receive. A host with the whole library can
 * be a source of any stripe. The server feeds one host per stripe, and hosts without another
 * source.
 * A plan is plain data; each change returns a new plan and the hosts whose sources changed.
 */
import { maxRelayHosts, server } from '../../domain/relay/relay-events.ts'
import type { JoiningHost, RelayAnswer, RelayFault } from '../../domain/relay/relay-events.ts'
import { accuse, mayComplain } from './complaints.ts'
import { findSource } from './find-source.ts'
import { moveChildren, moveHost, removeHost } from './move-hosts.ts'
import {
  addHost,
  closeDraft,
  depthOf,
  dropSource,
  openDraft,
  setSource,
  stripes,
} from './plan-draft.ts'
import type { Draft, DraftHost, PlanChange, RelayHost, RelayPlan } from './plan-draft.ts'
import { takeOver } from './take-over.ts'

const maxAvoided = 32

export const emptyPlan: RelayPlan = { hosts: [] }

/**
 * Adds a host, or starts again with a known one. A host beyond `maxRelayHosts` gets the server for
 * each stripe and is not added.
 */
export function joinPlan(plan: RelayPlan, joining: JoiningHost): PlanChange {
  const draft = openDraft(plan)
  const known = draft.hosts.get(joining.id)
  if (known !== undefined) removeHost(draft, known)
  if (draft.hosts.size >= maxRelayHosts) return { plan, moved: [hostOfServer(joining)] }
  const host: DraftHost = {
    ...hostOfServer(joining),
    canServe: joining.canServe && (known?.canServe ?? true),
    stripe: leastServed(draft, joining),
    avoids: known?.avoids ?? [],
    accusers: known?.accusers ?? [],
  }
  addHost(draft, host)
  for (const stripe of stripes) {
    setSource(draft, host, stripe, findSource(draft, host, stripe))
    if (host.canServe && stripe === host.stripe) takeOver(draft, host)
  }
  return closeDraft(draft)
}

/** Marks a host as complete: it needs no source, and can be a source of each stripe. */
export function finishInPlan(plan: RelayPlan, id: string): PlanChange {
  return change(plan, id, (draft, host) => {
    for (const stripe of stripes) dropSource(draft, host, stripe)
    host.sources = []
  })
}

/** Removes a host; the hosts that took from it get other sources. */
export function leavePlan(plan: RelayPlan, id: string): PlanChange {
  return change(plan, id, removeHost)
}

/**
 * Gives a host another source in place of one that failed it, and never that one again. Without
 * effect if the host did not take from that source. A source that failed several addresses is
 * dropped for all; `slow` does not count, since the cause may be the source of the source.
 */
export function blameInPlan(
  plan: RelayPlan,
  id: string,
  sourceId: string,
  reason: RelayFault,
): PlanChange {
  return change(plan, id, (draft, host) => {
    const source = draft.hosts.get(sourceId)
    if (source === undefined || source === host || !host.sources.includes(sourceId)) return
    const isHeard = reason !== 'slow' && mayComplain(draft, host)
    host.avoids = [...new Set([...host.avoids, sourceId])].slice(-maxAvoided)
    for (const stripe of stripes) {
      if (host.sources[stripe] === sourceId) moveHost(draft, host, stripe)
    }
    if (!isHeard || !accuse(draft, host, source)) return
    source.canServe = false
    moveChildren(draft, source)
  })
}

/** The answer to a host: the source of each stripe, and the hops to the server. */
export function answerOf(plan: RelayPlan, host: RelayHost): RelayAnswer {
  const draft = openDraft(plan)
  const hops = stripes.map((stripe) => depthOf(draft, host, stripe))
  return { hostId: host.id, sources: host.sources, hops }
}

function change(
  plan: RelayPlan,
  id: string,
  edit: (draft: Draft, host: DraftHost) => void,
): PlanChange {
  const draft = openDraft(plan)
  const host = draft.hosts.get(id)
  if (host === undefined) return { plan, moved: [] }
  edit(draft, host)
  return closeDraft(draft)
}

/** A host that takes each stripe from the server and relays none. */
function hostOfServer(joining: JoiningHost): RelayHost {
  const sources = stripes.map(() => server)
  return { ...joining, sources, stripe: 0, canServe: false, avoids: [], accusers: [] }
}

/** The stripe that the fewest hosts of the rack relay; among equals, the fewest of all hosts. */
function leastServed({ hosts }: Draft, { rack }: JoiningHost): number {
  const counts = stripes.map(() => 0)
  for (const { canServe, stripe, rack: other } of hosts.values()) {
    if (canServe) counts[stripe] = (counts[stripe] ?? 0) + (other === rack ? maxRelayHosts : 1)
  }
  return counts.indexOf(Math.min(...counts))
}
