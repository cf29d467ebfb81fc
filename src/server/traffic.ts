/**
 * Who took how much of what: counters only, and never more of them than the bounds below.
 */
import type { RequestRecord } from './http/exchange.ts'
import { plainAddress } from '../access/remote-address.ts'

export interface Counts {
  readonly requests: number
  /** Bytes of bodies that the system took from us. */
  readonly bytesServed: number
}

export interface HostCounts extends Counts {
  /** Remote address; an IPv4 address that a dual-stack socket shows as IPv6 is itself again. */
  readonly address: string
}

export interface BlobCounts extends Counts {
  /**
   * Bytes that each of the named hosts took, in their order; what is missing to `bytesServed` went
   * to others.
   */
  readonly hostBytes: readonly number[]
}

export interface Traffic {
  /** Counts body bytes as they are sent. */
  addBytes(sentBytes: number, record: RequestRecord): void
  /** Counts a request that is over. */
  addRequest(record: RequestRecord): void
  totals(): Counts & { readonly aborted: number }
  /** Counts of one blob under one name; zeros if it was never requested. */
  ofBlob(sha256: string, name: string): BlobCounts
  /** The hosts told apart per blob, in the order they first asked. */
  namedHosts(): readonly HostCounts[]
  /** All other hosts together; `hosts` counts no further than `maxHosts`. */
  otherHosts(): Counts & { readonly hosts: number; readonly isMore: boolean }
}

export interface TrafficOptions {
  /** Hosts counted one by one; later ones are counted together. Default 1000. */
  readonly maxHosts?: number
  /** Hosts told apart per blob: the first that ask. Default 8. */
  readonly maxNamedHosts?: number
}

type Counter = { -readonly [Key in keyof Counts]: Counts[Key] }

/** Empty counters. They grow with the blobs that exist and the hosts that ask, up to `maxHosts`. */
export function createTraffic({
  maxHosts = 1000,
  maxNamedHosts = 8,
}: TrafficOptions = {}): Traffic {
  const totals = { ...zero(), aborted: 0 }
  const blobs = new Map<string, { readonly counts: Counter; readonly hostBytes: number[] }>()
  const hosts = new Map<string, { readonly rank: number; readonly counts: Counter }>()
  const beyond = zero()
  let isMore = false

  function hostOf({ remoteAddress }: RequestRecord): { rank: number; counts: Counter } {
    const address = plainAddress(remoteAddress)
    const known = hosts.get(address)
    if (known) return known
    if (hosts.size >= maxHosts) {
      isMore = true
      return { rank: maxHosts, counts: beyond }
    }
    const host = { rank: hosts.size, counts: zero() }
    hosts.set(address, host)
    return host
  }

  function blobOf({ sha256, name }: RequestRecord) {
    // Only blobs that were found: a path made up by a client must not become a counter.
    if (sha256 === undefined || name === undefined) return undefined
    const key = blobKey(sha256, name)
    const known = blobs.get(key)
    if (known) return known
    const blob = { counts: zero(), hostBytes: [] }
    blobs.set(key, blob)
    return blob
  }

  return {
    addBytes(sentBytes, record) {
      const { rank, counts } = hostOf(record)
      const blob = blobOf(record)
      totals.bytesServed += sentBytes
      counts.bytesServed += sentBytes
      if (!blob) return
      blob.counts.bytesServed += sentBytes
      if (rank < maxNamedHosts) blob.hostBytes[rank] = (blob.hostBytes[rank] ?? 0) + sentBytes
    },
    addRequest(record) {
      const blob = blobOf(record)
      totals.requests += 1
      totals.aborted += record.isAborted ? 1 : 0
      hostOf(record).counts.requests += 1
      if (blob) blob.counts.requests += 1
    },
    totals: () => ({ ...totals }),
    ofBlob(sha256, name) {
      const blob = blobs.get(blobKey(sha256, name))
      return { ...(blob?.counts ?? zero()), hostBytes: Array.from(blob?.hostBytes ?? [], orZero) }
    },
    namedHosts: () =>
      [...hosts].slice(0, maxNamedHosts).map(([address, { counts }]) => ({ address, ...counts })),
    otherHosts() {
      const others = [...hosts.values()].slice(maxNamedHosts)
      const counts = others.reduce((sum, host) => add(sum, host.counts), beyond)
      return { ...counts, hosts: others.length, isMore }
    },
  }
}

function add(one: Counts, other: Counts): Counts {
  return {
    requests: one.requests + other.requests,
    bytesServed: one.bytesServed + other.bytesServed,
  }
}

function zero(): Counter {
  return { requests: 0, bytesServed: 0 }
}

/** A host that has taken nothing yet leaves a hole before one that has. */
function orZero(bytes: number | undefined): number {
  return bytes ?? 0
}

function blobKey(sha256: string, name: string): string {
  return `${sha256}/${name}`
}
