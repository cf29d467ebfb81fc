/** Counts the bytes and requests of hosts and blobs, with a bounded number of counters. */
import type { RequestRecord } from './http/exchange.ts'
import { plainAddress } from '../access/remote-address.ts'

export interface Counts {
  readonly requests: number
  /** Bytes of bodies that the system accepted. */
  readonly bytesServed: number
}

export interface HostCounts extends Counts {
  /** Remote address; IPv4 also where a dual-stack socket shows it as IPv6. */
  readonly address: string
}

export interface BlobCounts extends Counts {
  /** Bytes that each of the named hosts took, in their order; other hosts took the rest. */
  readonly hostBytes: readonly number[]
}

export interface Traffic {
  /** Counts body bytes as they are sent. */
  addBytes(sentBytes: number, record: RequestRecord): void
  /** Counts a request after its end. */
  addRequest(record: RequestRecord): void
  totals(): Counts & { readonly aborted: number }
  /** Counts of one blob under one name; zeros if it was never requested. */
  ofBlob(sha256: string, name: string): BlobCounts
  /** The hosts counted per blob, in the order of their first requests. */
  namedHosts(): readonly HostCounts[]
  /** All other hosts together. `isMore`: there were more than `maxHosts` hosts. */
  otherHosts(): Counts & { readonly hosts: number; readonly isMore: boolean }
}

export interface TrafficOptions {
  /** Hosts counted one by one; later ones are counted together. Default 1000. */
  readonly maxHosts?: number
  /** Hosts counted per blob: the first that ask. Default 8. */
  readonly maxNamedHosts?: number
}

type Counter = { -readonly [Key in keyof Counts]: Counts[Key] }

interface Host {
  /** In the order of first requests, from 0. */
  readonly rank: number
  readonly counts: Counter
}

interface Blob {
  readonly counts: Counter
  readonly hostBytes: number[]
}

/** By digest, then by name. */
type Blobs = Map<string, Map<string, Blob>>

/** Empty counters. They grow with the blobs that exist and the hosts that ask, up to `maxHosts`. */
export function createTraffic({
  maxHosts = 1000,
  maxNamedHosts = 8,
}: TrafficOptions = {}): Traffic {
  const totals = { ...zero(), aborted: 0 }
  const blobs: Blobs = new Map()
  const hosts = new Map<string, Host>()
  const beyond: Host = { rank: maxHosts, counts: zero() }
  let isMore = false

  function hostOf({ remoteAddress }: RequestRecord): Host {
    const address = plainAddress(remoteAddress)
    const known = hosts.get(address)
    if (known) return known
    if (hosts.size >= maxHosts) {
      isMore = true
      return beyond
    }
    const host = { rank: hosts.size, counts: zero() }
    hosts.set(address, host)
    return host
  }

  return {
    addBytes(sentBytes, record) {
      const { rank, counts } = hostOf(record)
      const blob = blobOf(blobs, record)
      totals.bytesServed += sentBytes
      counts.bytesServed += sentBytes
      if (!blob) return
      blob.counts.bytesServed += sentBytes
      if (rank < maxNamedHosts) blob.hostBytes[rank] = (blob.hostBytes[rank] ?? 0) + sentBytes
    },
    addRequest(record) {
      const blob = blobOf(blobs, record)
      totals.requests += 1
      totals.aborted += record.isAborted ? 1 : 0
      hostOf(record).counts.requests += 1
      if (blob) blob.counts.requests += 1
    },
    totals: () => ({ ...totals }),
    ofBlob(sha256, name) {
      const { counts, hostBytes } = blobs.get(sha256)?.get(name) ?? emptyBlob()
      return { ...counts, hostBytes: Array.from(hostBytes, orZero) }
    },
    namedHosts: () =>
      [...hosts].slice(0, maxNamedHosts).map(([address, { counts }]) => ({ address, ...counts })),
    otherHosts() {
      const others = [...hosts.values()].slice(maxNamedHosts)
      const counts = others.reduce((sum, host) => add(sum, host.counts), beyond.counts)
      return { ...counts, hosts: others.length, isMore }
    },
  }
}

/** The counters of a request's blob, which are added if they are missing. */
function blobOf(blobs: Blobs, { sha256, name }: RequestRecord): Blob | undefined {
  // Only blobs that were found: a path made up by a client must not become a counter.
  if (sha256 === undefined || name === undefined) return undefined
  const named = blobs.get(sha256) ?? new Map<string, Blob>()
  const known = named.get(name)
  if (known) return known
  const blob = emptyBlob()
  blobs.set(sha256, named.set(name, blob))
  return blob
}

function emptyBlob(): Blob {
  return { counts: zero(), hostBytes: [] }
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

/** A host that took nothing of the blob leaves a hole in the array. */
function orZero(bytes: number | undefined): number {
  return bytes ?? 0
}
