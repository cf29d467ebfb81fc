/** A plan while it changes: the hosts, their sources, and the load of each source. */
import { server } from '../../domain/relay/relay-events.ts'
import type { RelaySource } from '../../domain/relay/relay-events.ts'
import { stripeCount } from '../../domain/relay/stripes.ts'

export interface RelayHost {
  /** Address for other hosts, `ADDRESS:PORT`. */
  readonly id: string
  /** Hosts of one rack are preferred as sources of each other. */
  readonly rack?: string
  /** False for a host that cannot be reached, or that served wrong bytes or none. */
  readonly canServe: boolean
  /** The stripe that it relays while it is incomplete. */
  readonly stripe: number
  /** The source of each stripe; empty when it is complete. */
  readonly sources: readonly RelaySource[]
  /** Sources that failed it. */
  readonly avoids: readonly string[]
  /** Addresses of hosts that reported it. */
  readonly accusers: readonly string[]
}

export interface RelayPlan {
  /** In the order in which they joined. */
  readonly hosts: readonly RelayHost[]
}

export interface PlanChange {
  readonly plan: RelayPlan
  /** The hosts whose sources changed. */
  readonly moved: readonly RelayHost[]
}

export type DraftHost = { -readonly [Key in keyof RelayHost]: RelayHost[Key] }

export interface Draft {
  readonly hosts: Map<string, DraftHost>
  /** Number of stripes taken from each source; for the server, per stripe. */
  readonly loads: Map<string, number>
  readonly moved: Set<DraftHost>
}

/** Stripes that a host sends at a time: as many as it receives. */
export const fanOut = stripeCount
/** Stripes that a host sends at a time if no host has a better place. */
export const maxFanOut = fanOut + 2

export const stripes = Array.from({ length: stripeCount }, (_, stripe) => stripe)

export function openDraft(plan: RelayPlan): Draft {
  const hosts = new Map(plan.hosts.map((host) => [host.id, { ...host }]))
  const draft: Draft = { hosts, loads: new Map(), moved: new Set() }
  for (const { sources } of hosts.values()) {
    for (const [stripe, source] of sources.entries()) addLoad(draft, source, stripe, 1)
  }
  return draft
}

export function closeDraft({ hosts, moved }: Draft): PlanChange {
  return {
    plan: { hosts: [...hosts.values()] },
    moved: [...moved].filter(({ id, sources }) => hosts.has(id) && sources.length > 0),
  }
}

/** Adds a host that takes each stripe from the server. */
export function addHost(draft: Draft, host: DraftHost): void {
  draft.hosts.set(host.id, host)
  for (const stripe of stripes) addLoad(draft, server, stripe, 1)
}

export function setSource(
  draft: Draft,
  host: DraftHost,
  stripe: number,
  source: RelaySource,
): void {
  dropSource(draft, host, stripe)
  addLoad(draft, source, stripe, 1)
  host.sources = host.sources.with(stripe, source)
  draft.moved.add(host)
}

/** Frees the place of a host at its source, but keeps the source in `sources`. */
export function dropSource(draft: Draft, { sources }: DraftHost, stripe: number): void {
  const source = sources[stripe]
  if (source !== undefined) addLoad(draft, source, stripe, -1)
}

export function loadOf({ loads }: Draft, source: RelaySource, stripe: number): number {
  return loads.get(loadKey(source, stripe)) ?? 0
}

/** True when the host has the whole library. */
export function hasAll({ sources }: RelayHost): boolean {
  return sources.length === 0
}

/** True when an incomplete host relays the stripe. */
export function relaysStripe({ canServe, stripe: own }: DraftHost, stripe: number): boolean {
  return canServe && own === stripe
}

/** Hops from the server, or from a complete host. */
export function depthOf(draft: Draft, host: RelayHost, stripe: number): number {
  let depth = 0
  for (const _ of pathUp(draft, host, stripe)) depth += 1
  return depth
}

/** True when the stripe reaches `host` through `above`, or both are the same. */
export function isBelow(draft: Draft, host: DraftHost, above: DraftHost, stripe: number): boolean {
  for (const source of pathUp(draft, host, stripe)) if (source === above) return true
  return host === above
}

/** The sources on the path of a stripe, from the host up to the server or a complete host. */
function* pathUp({ hosts }: Draft, host: RelayHost, stripe: number): Generator<RelayHost | string> {
  for (let at: RelayHost | undefined = host; at !== undefined;) {
    const source: RelaySource | undefined = at.sources[stripe]
    if (source === undefined) return
    at = hosts.get(source)
    yield at ?? source
  }
}

function addLoad({ loads }: Draft, source: RelaySource, stripe: number, by: number): void {
  const key = loadKey(source, stripe)
  loads.set(key, (loads.get(key) ?? 0) + by)
}

/** A host has one uplink for all stripes; the server's load is counted per stripe. */
function loadKey(source: RelaySource, stripe: number): string {
  return source === server ? `${server}/${stripe}` : source
}
