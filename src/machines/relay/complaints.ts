/** Complaints about sources, and when they count for all hosts. */
import type { Draft, DraftHost, RelayHost } from './plan-draft.ts'

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

/** True while the complaints of this address count for other hosts. */
export function mayComplain({ hosts }: Draft, host: DraftHost): boolean {
  let count = 0
  for (const other of hosts.values()) {
    if (addressOf(other) === addressOf(host)) count += other.avoids.length
  }
  return count < maxHeard
}

/** Records a complaint of the host. Returns true if the source must be dropped for all. */
export function accuse(draft: Draft, host: DraftHost, source: DraftHost): boolean {
  source.accusers = [...new Set([...source.accusers, addressOf(host)])].slice(0, maxAccusers)
  const enough = Math.max(minAccusers, Math.min(maxAccusers, countContent(draft, source)))
  return source.accusers.length >= enough && source.canServe
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
