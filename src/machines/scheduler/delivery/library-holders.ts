/** Which hosts have which libraries, as far as their executors have told. What a cache lets go of later is not told. */
import type { SetTable } from './set-table.ts'
import {
  emptyMap,
  entriesOf,
  getFrom,
  removeFrom,
  setIn,
  valuesOf,
} from '../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../domain/persistent-map.ts'

/**
 * By SHA-256 of the library, and then by id of the agent: the name of its host, empty where it was not told. Undefined until
 * something was told, as in snapshots of a version that did not know of it.
 */
export type LibraryHolders = PersistentMap<Readonly<Record<string, string>>> | undefined

/** Hosts remembered per library. */
const maxHolders = 1000
const maxHostnameLength = 255

/** What an executor says of its host. */
export interface NewHolder {
  readonly sha256: string
  readonly agentId: string
  readonly hostname?: string
}

/**
 * Adds a host that has a library; the same holders when that is known, or of no interest. Only libraries of the
 * framework's own sets count: what executors say must not become more and more.
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
  return setIn(holders ?? emptyMap(), sha256, { ...known, [agentId]: name })
}

/** An agent that is gone has nothing any more. */
export function withoutAgent(holders: LibraryHolders, agentId: string): LibraryHolders {
  if (holders === undefined) return undefined
  let left = holders
  for (const [sha256, known] of entriesOf(holders)) {
    if (!Object.hasOwn(known, agentId)) continue
    const { [agentId]: _, ...others } = known
    left = setIn(left, sha256, others)
  }
  return left
}

/** Libraries of which there is no set any more are of no interest. */
export function withoutStrangers(holders: LibraryHolders, { sets }: SetTable): LibraryHolders {
  if (holders === undefined) return undefined
  const ours = new Set(
    Array.from(valuesOf(sets)).flatMap(({ libraries }) => libraries.map(({ sha256 }) => sha256)),
  )
  let left = holders
  for (const [sha256] of entriesOf(holders)) if (!ours.has(sha256)) left = removeFrom(left, sha256)
  return left
}

/** Names of the hosts that have the library, or ids of their agents where no name was told. */
export function hostsOf(holders: LibraryHolders, sha256: string): readonly string[] {
  return Object.entries(hostsByAgent(holders, sha256)).map(([agentId, name]) => name || agentId)
}

function hostsByAgent(holders: LibraryHolders, sha256: string): Readonly<Record<string, string>> {
  return (holders && getFrom(holders, sha256)) ?? {}
}
