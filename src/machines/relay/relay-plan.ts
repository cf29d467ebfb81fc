/**
 * Who takes each stripe of one library from whom. Every stripe has a tree of its own with the
 * server as its root; a host passes on one stripe only, its own, so that the loss of one host
 * disturbs one stripe, and what all pass on is what all receive. Once a host has everything it may
 * be a source of any stripe. The server feeds one host of each stripe if it can, and whoever finds
 * no other source.
 * A plan is plain data, and each change gives a new one with the hosts that have other sources now.
 */
import { maxRelayHosts, server } from '../../domain/relay/relay-events.ts'
import type {
  JoiningHost,
  RelayAnswer,
  RelayFault,
  RelaySource,
} from '../../domain/relay/relay-events.ts'
import { stripeCount } from '../../domain/relay/stripes.ts'

export interface RelayHost {
  /** Where it serves, `ADDRESS:PORT`. */
  readonly id: string
  /** Hosts of one rack are preferred as sources of each other. */
  readonly rack?: string
  /** False for a host that cannot be reached, or that served wrong or nothing: it only takes. */
  readonly canServe: boolean
  /** The one stripe that it passes on while it has not all. */
  readonly stripe: number
  /** Of each stripe; none once it has all. */
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
  /** Those with other sources than before. */
  readonly moved: readonly RelayHost[]
}

/** Stripes that a host passes on at a time: as many as make up what it receives. */
const fanOut = stripeCount
/** And when there is no better place. */
const maxFanOut = fanOut + 2
/**
 * Number of addresses that must report a source before it is dropped for all. It must also be at
 * least the number of addresses that take from it without a complaint, so that two colluding hosts
 * cannot remove a source that serves others.
 */
const minAccusers = 2
/** Maximum number of reporting addresses kept per host. */
const maxAccusers = 8
/**
 * Maximum number of complaints of one address that count for others: a host that reports everybody
 * is itself at fault.
 */
const maxHeard = 4
const maxAvoided = 32
/** Hops that are worth staying in the rack. */
const rackHops = 2

export const emptyPlan: RelayPlan = { hosts: [] }

/**
 * Adds a host, or begins anew with one that is known. One too many gets the server for every
 * stripe, and is not kept.
 */
export function joinPlan(plan: RelayPlan, joining: JoiningHost): PlanChange {
  const draft = openDraft(plan)
  const known = draft.hosts.get(joining.id)
  if (known !== undefined) removeHost(draft, known)
  if (draft.hosts.size >= maxRelayHosts) {
    const sources = stripes.map(() => server)
    const host = { ...joining, sources, stripe: 0, canServe: false, avoids: [], accusers: [] }
    return { plan, moved: [host] }
  }
  const host: DraftHost = {
    ...joining,
    canServe: joining.canServe && (known?.canServe ?? true),
    stripe: leastServed(draft, joining),
    sources: stripes.map(() => server),
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

/** The host has the whole library: it needs no sources any more, and can be one of every stripe. */
export function finishInPlan(plan: RelayPlan, id: string): PlanChange {
  return change(plan, id, (draft, host) => {
    for (const stripe of stripes) dropSource(draft, host, stripe)
    host.sources = []
  })
}

/** The host is gone; those that took from it take from others. */
export function leavePlan(plan: RelayPlan, id: string): PlanChange {
  return change(plan, id, removeHost)
}

/**
 * A source failed a host, which is given another one and never this one again; nothing happens
 * where it did not take from it. One that failed several is no source for anybody; being `slow`
 * does not count, since what is slow may be the source's own source.
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
    const isHeard = countComplaints(draft, host) < maxHeard
    host.avoids = [...new Set([...host.avoids, sourceId])].slice(-maxAvoided)
    for (const stripe of stripes) {
      if (host.sources[stripe] === sourceId) moveHost(draft, host, stripe)
    }
    if (reason === 'slow' || !isHeard) return
    source.accusers = [...new Set([...source.accusers, addressOf(host)])].slice(0, maxAccusers)
    const enough = Math.max(minAccusers, Math.min(maxAccusers, countContent(draft, source)))
    if (source.accusers.length < enough || !source.canServe) return
    source.canServe = false
    moveChildren(draft, source)
  })
}

/** Number of complaints from hosts of the same address. */
function countComplaints({ hosts }: Draft, host: DraftHost): number {
  let count = 0
  for (const other of hosts.values()) {
    if (addressOf(other) === addressOf(host)) count += other.avoids.length
  }
  return count
}

/** Number of addresses that take from the source without a complaint. */
function countContent({ hosts }: Draft, { id, accusers }: DraftHost): number {
  const content = new Set<string>()
  for (const host of hosts.values()) if (host.sources.includes(id)) content.add(addressOf(host))
  for (const accuser of accusers) content.delete(accuser)
  return content.size
}

/** The address without its port: one machine has one vote. */
function addressOf({ id }: RelayHost): string {
  return id.replace(/:\d+$/, '')
}

/** What a host is told. */
export function answerOf(plan: RelayPlan, host: RelayHost): RelayAnswer {
  const draft = openDraft(plan)
  const hops = stripes.map((stripe) => depthOf(draft, host, stripe))
  return { hostId: host.id, sources: host.sources, hops }
}

type DraftHost = { -readonly [Key in keyof RelayHost]: RelayHost[Key] }

interface Draft {
  readonly before: RelayPlan
  readonly hosts: Map<string, DraftHost>
  /** Stripes that are taken from each source, and from the server by stripe. */
  readonly loads: Map<string, number>
  readonly moved: Set<DraftHost>
}

const stripes = Array.from({ length: stripeCount }, (_, stripe) => stripe)

function openDraft(plan: RelayPlan): Draft {
  const hosts = new Map(plan.hosts.map((host) => [host.id, { ...host }]))
  const draft: Draft = { before: plan, hosts, loads: new Map(), moved: new Set() }
  for (const { sources } of hosts.values()) {
    for (const [stripe, source] of sources.entries()) addLoad(draft, source, stripe, 1)
  }
  return draft
}

function closeDraft({ hosts, moved }: Draft): PlanChange {
  return {
    plan: { hosts: [...hosts.values()] },
    moved: [...moved].filter(({ id, sources }) => hosts.has(id) && sources.length > 0),
  }
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

function addHost(draft: Draft, host: DraftHost): void {
  draft.hosts.set(host.id, host)
  for (const stripe of stripes) addLoad(draft, server, stripe, 1)
}

function removeHost(draft: Draft, host: DraftHost): void {
  for (const stripe of stripes) dropSource(draft, host, stripe)
  draft.hosts.delete(host.id)
  moveChildren(draft, host)
}

function moveChildren(draft: Draft, { id }: DraftHost): void {
  for (const child of draft.hosts.values()) {
    for (const [stripe, source] of child.sources.entries()) {
      if (source === id) moveHost(draft, child, stripe)
    }
  }
}

function moveHost(draft: Draft, host: DraftHost, stripe: number): void {
  setSource(draft, host, stripe, findSource(draft, host, stripe))
}

function setSource(draft: Draft, host: DraftHost, stripe: number, source: RelaySource): void {
  dropSource(draft, host, stripe)
  addLoad(draft, source, stripe, 1)
  host.sources = host.sources.with(stripe, source)
  draft.moved.add(host)
}

function dropSource(draft: Draft, { sources }: DraftHost, stripe: number): void {
  const source = sources[stripe]
  if (source !== undefined) addLoad(draft, source, stripe, -1)
}

function addLoad({ loads }: Draft, source: RelaySource, stripe: number, by: number): void {
  const key = loadKey(source, stripe)
  loads.set(key, (loads.get(key) ?? 0) + by)
}

function loadOf({ loads }: Draft, source: RelaySource, stripe: number): number {
  return loads.get(loadKey(source, stripe)) ?? 0
}

/**
 * A host's uplink is one for all stripes; of the server it is counted how often each of them
 * leaves.
 */
function loadKey(source: RelaySource, stripe: number): string {
  return source === server ? `${server}/${stripe}` : source
}

/**
 * The stripe that the fewest hosts pass on in its rack, and of those the one that the fewest do at
 * all.
 */
function leastServed({ hosts }: Draft, { rack }: JoiningHost): number {
  const counts = stripes.map(() => 0)
  for (const { canServe, stripe, rack: other } of hosts.values()) {
    if (canServe) counts[stripe] = (counts[stripe] ?? 0) + (other === rack ? maxRelayHosts : 1)
  }
  return counts.indexOf(Math.min(...counts))
}

/**
 * The best source there is: one that has all, the server if it feeds nobody else, one near to the
 * root, in the same rack, with room; the server again when there is none.
 */
function findSource(draft: Draft, host: DraftHost, stripe: number): RelaySource {
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

/** A host that passes nothing on as yet takes to another stripe, of which too many were lost. */
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
    // Of equals, the one with the most room.
    const cost = hops + loadOf(draft, source.id, stripe) / (maxFanOut + 1)
    if (cost >= bestCost) continue
    best = source
    bestCost = cost
  }
  return best
}

/**
 * A host that passes the stripe on gets the place of one nearer to the root that does not, which
 * takes from it then; and so do those that took from the server or from a full host for want of it.
 */
function takeOver(draft: Draft, host: DraftHost): void {
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
    if (source === undefined || source === host.id || passesOn(other, stripe)) continue
    const room = source === server ? 0 : fanOut
    if (loadOf(draft, source, stripe) > room && !other.avoids.includes(host.id))
      setSource(draft, other, stripe, host.id)
  }
}

/**
 * Any will do rather than a place at the server beside another host, or beside a full share of
 * those that pass it on too.
 */
function nearestLeaf(draft: Draft, host: DraftHost): DraftHost | undefined {
  const { stripe } = host
  const { [stripe]: own = server } = host.sources
  const passers = countPassers(draft, stripe)
  const isCrowded =
    own === server ? loadOf(draft, server, stripe) > 1 : (passers.get(own) ?? 0) > fanOut
  let best: DraftHost | undefined
  let bestDepth = isCrowded ? Infinity : depthOf(draft, host, stripe)
  for (const leaf of draft.hosts.values()) {
    const source = leaf.sources[stripe]
    if (source === undefined || passesOn(leaf, stripe)) continue
    if (leaf.avoids.includes(host.id) || host.avoids.includes(source)) continue
    if (source !== server && (passers.get(source) ?? 0) >= fanOut) continue
    const depth = depthOf(draft, leaf, stripe)
    if (depth >= bestDepth) continue
    best = leaf
    bestDepth = depth
  }
  return best
}

/** By source: how many of those that take the stripe from it pass it on. */
function countPassers({ hosts }: Draft, stripe: number): ReadonlyMap<RelaySource, number> {
  const counts = new Map<RelaySource, number>()
  for (const host of hosts.values()) {
    const source = host.sources[stripe]
    if (source === undefined || !passesOn(host, stripe)) continue
    counts.set(source, (counts.get(source) ?? 0) + 1)
  }
  return counts
}

function hasAll({ sources }: RelayHost): boolean {
  return sources.length === 0
}

function passesOn({ canServe, stripe: own }: DraftHost, stripe: number): boolean {
  return canServe && own === stripe
}

/** Hops from the server, or from a host that has all. */
function depthOf(draft: Draft, host: RelayHost, stripe: number): number {
  let depth = 0
  for (const _ of pathUp(draft, host, stripe)) depth += 1
  return depth
}

function isBelow(draft: Draft, host: DraftHost, above: DraftHost, stripe: number): boolean {
  for (const source of pathUp(draft, host, stripe)) if (source === above) return true
  return host === above
}

/** The sources that a stripe comes through, and at last the one that has it all. */
function* pathUp({ hosts }: Draft, host: RelayHost, stripe: number): Generator<RelayHost | string> {
  for (let at: RelayHost | undefined = host; at !== undefined;) {
    const source: RelaySource | undefined = at.sources[stripe]
    if (source === undefined) return
    at = hosts.get(source)
    yield at ?? source
  }
}
