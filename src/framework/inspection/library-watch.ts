/** What executors tell of their downloads: it is in no journal. */
import type { EventEmitter } from 'eventemitter3'
import { defined } from '../../defined.ts'
import { describeConflicts } from '../../domain/class-path/describe-conflicts.ts'
import type { LibrariesAt } from '../../inspector/protocol/lens-views.ts'
import type { FrameworkEvents } from '../facts/events.ts'

export interface LibraryWatch {
  /** Adds downloads, bytes by source and conflicts to what a moment tells. */
  addTo(at: LibrariesAt): LibrariesAt
  close(): void
}

type Fetching = FrameworkEvents['library.fetching'][0]
type Fetched = FrameworkEvents['library.fetched'][0]

interface Download extends Fetching {
  readonly heardAt: number
}

interface HostBytes {
  from: string
  bytes: number
  relayedBytes: number
  cachedBytes: number
}

const maxDownloads = 1000
const maxHosts = 10_000
/** An executor that tells nothing for so long has lost its download. Ms. */
const maxSilenceMs = 30_000
const sourceNames = { server: 'server', peers: 'other hosts', cache: 'its cache' } as const

/** Listens to a framework until it is closed. `now`: ms, of any clock that only goes forward. */
export function watchLibraries(
  framework: Pick<EventEmitter<FrameworkEvents>, 'on' | 'off'>,
  now: () => number = () => performance.now(),
): LibraryWatch {
  const downloads = new Map<string, Download>()
  const hosts = new Map<string, HostBytes>()
  const names = new Map<string, string>()
  let conflicts: readonly string[] = []

  function onFetching(event: Fetching): void {
    const key = keyOf(event)
    if (downloads.size < maxDownloads || downloads.has(key))
      downloads.set(key, { ...event, heardAt: now() })
  }

  function onFetched(event: Fetched): void {
    downloads.delete(keyOf(event))
    const { agentId, hostname = agentId, source, sizeBytes, receivedBytes = sizeBytes } = event
    // Agents of one host may come and go for ever.
    if (names.size < maxHosts || names.has(agentId)) names.set(agentId, hostname)
    if (hosts.size >= maxHosts && !hosts.has(hostname)) return
    const own = hosts.get(hostname) ?? { from: '', bytes: 0, relayedBytes: 0, cachedBytes: 0 }
    own.from = sourceNames[source]
    if (source === 'server') own.bytes += receivedBytes
    else if (source === 'peers') own.relayedBytes += receivedBytes
    else own.cachedBytes += sizeBytes
    hosts.set(hostname, own)
  }

  const onConflicts = (report: FrameworkEvents['classPath.conflicts'][0]) => {
    conflicts = describeConflicts(report)
  }
  framework.on('library.fetching', onFetching)
  framework.on('library.fetched', onFetched)
  framework.on('classPath.conflicts', onConflicts)

  return {
    addTo(at) {
      const oldest = now() - maxSilenceMs
      for (const [key, { heardAt }] of downloads) if (heardAt < oldest) downloads.delete(key)
      const known = new Set(at.hosts.map(({ host }) => host))
      const more = [...hosts.keys()].filter((host) => !known.has(host))
      return {
        ...at,
        hosts: [...at.hosts, ...more.map((host) => ({ host }))].map((each) => {
          return { ...each, ...hosts.get(each.host) }
        }),
        conflicts: [...at.conflicts, ...conflicts],
        progress: Array.from(downloads.values(), (download) => ({
          host: names.get(download.agentId) ?? download.agentId,
          library: download.name,
          bytes: download.receivedBytes,
          totalBytes: download.sizeBytes,
          ...defined({ place: download.place }),
        })),
      }
    },
    close() {
      framework.off('library.fetching', onFetching)
      framework.off('library.fetched', onFetched)
      framework.off('classPath.conflicts', onConflicts)
    },
  }
}

function keyOf({ agentId, sha256 }: Pick<Fetching, 'agentId' | 'sha256'>): string {
  return `${agentId}/${sha256}`
}
