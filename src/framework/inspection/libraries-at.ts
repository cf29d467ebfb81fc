/** The library sets of a moment, and the hosts that have each library. */
import { getFrom, valuesOf } from '../../domain/persistent-map.ts'
import type { LibrarySet } from '../../domain/libraries/library.ts'
import type { LibrariesAt, LibraryAt } from '../../inspector/protocol/lens-views.ts'
import { holdersOf, setsOf, taskTableOf } from '../../machines/scheduler/components.ts'
import type { LibraryHolders } from '../../machines/scheduler/delivery/library-holders.ts'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'

const maxSets = 100

export function librariesAt(snapshot: SchedulerSnapshot): LibrariesAt {
  const { current, sets } = setsOf(snapshot)
  const holders = holdersOf(snapshot)
  const { setUses } = taskTableOf(snapshot)
  const rank = ({ id }: LibrarySet) => (id === current ? 0 : 1)
  const all = [...valuesOf(sets)].toSorted((one, other) => rank(one) - rank(other))
  return {
    sets: all.slice(0, maxSets).map((set) => ({
      id: set.id,
      isCurrent: set.id === current,
      tasks: getFrom(setUses, set.id) ?? 0,
      libraries: librariesOf(set, holders),
    })),
    hosts: hostsOf(all, holders).map((host) => ({ host })),
    conflicts: [],
  }
}

function librariesOf(set: LibrarySet, holders: LibraryHolders): readonly LibraryAt[] {
  return set.libraries.map(({ name, kind, sha256, sizeBytes }) => {
    return { name, kind, sha256, sizeBytes, hosts: holdingHosts(holders, sha256) }
  })
}

function holdingHosts(holders: LibraryHolders, sha256: string): readonly string[] {
  const byAgent = Object.entries(getFrom(holders, sha256) ?? {})
  return [...new Set(byAgent.map(([agentId, host]) => (host === '' ? agentId : host)))].toSorted()
}

function hostsOf(sets: readonly LibrarySet[], holders: LibraryHolders): readonly string[] {
  const digests = new Set(sets.flatMap(({ libraries }) => libraries.map(({ sha256 }) => sha256)))
  const hosts = [...digests].flatMap((sha256) => holdingHosts(holders, sha256))
  return [...new Set(hosts)].toSorted()
}
