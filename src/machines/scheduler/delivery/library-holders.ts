/**
 * The hosts that have each library, as reported by executors. Evictions from a host cache are not
 * reported.
 */
import type { SetTable } from './set-table.ts'
import { entriesOf, getFrom, removeFrom, setIn, valuesOf } from '../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../domain/persistent-map.ts'

/** Names of hosts by SHA-256 of the library, then by id of the agent; empty for an unknown name. */
export type LibraryHolders = PersistentMap<Readonly<Record<string, string>>>

/** Maximum number of hosts kept per library. */
const maxHolders = 1000
const maxHostnameLength = 255

/** An executor's report: its host has the library. */
export interface NewHolder {
  readonly sha256: string
  readonly agentId: string
  readonly hostname?: string
}

/**
 * Adds a host that has a library; returns the same holders if that is known. Only libraries of the
 * framework's sets count: hostile reports must not use memory without bound.
 */
export function addHolder(
  holders: LibraryHolders,
  { sets }: SetTable,
  { sha256, agentId, hostname = '' }: NewHolder,
): LibraryHolders {
  const isOurs = Array.from(valuesOf(sets)).some(({ libraries }) =>
    libraries.some((library) => library.sha256 === sha256),
  )
  const known = hostsByAgent(holders, sha256)
  if (!isOurs || Object.keys(known).length >= maxHolders) return holders
  const name = hostname.slice(0, maxHostnameLength)
  if (Object.hasOwn(known, agentId) && known[agentId] === name) return holders
  return setIn(holders, sha256, { ...known, [agentId]: name })
}

/** The holders without a removed agent. */
export function withoutAgent(holders: LibraryHolders, agentId: string): LibraryHolders {
  let left = holders
  for (const [sha256, known] of entriesOf(holders)) {
    if (!Object.hasOwn(known, agentId)) continue
    const { [agentId]: _, ...others } = known
    left = setIn(left, sha256, others)
  }
  return left
}

/** The holders of libraries that are in a set. */
export function withoutStrangers(holders: LibraryHolders, { sets }: SetTable): LibraryHolders {
  const ours = new Set(
    Array.from(valuesOf(sets)).flatMap(({ libraries }) => libraries.map(({ sha256 }) => sha256)),
  )
  let left = holders
  for (const [sha256] of entriesOf(holders)) if (!ours.has(sha256)) left = removeFrom(left, sha256)
  return left
}

/** Names of the hosts that have the library; the id of the agent where the name is unknown. */
export function hostsOf(holders: LibraryHolders, sha256: string): readonly string[] {
  return Object.entries(hostsByAgent(holders, sha256)).map(([agentId, name]) => name || agentId)
}

function hostsByAgent(holders: LibraryHolders, sha256: string): Readonly<Record<string, string>> {
  return getFrom(holders, sha256) ?? {}
}
