/** The data of the status page. */
import type { LibrarySet } from '../domain/libraries/library.ts'
import { blobPath, manifestPath } from './libraries/blob-paths.ts'
import type { RelayHost } from './relays/relay-members.ts'
import type { Traffic } from './traffic.ts'

export interface StatusSource {
  /** The set added last. */
  readonly set: () => LibrarySet | undefined
  /** All sets served, oldest first. */
  readonly sets: () => readonly LibrarySet[]
  /** The advertised base URL; undefined when the server stops. */
  readonly url: () => string | undefined
  /** Hosts that have a library. */
  readonly holdersOf: (sha256: string) => readonly string[]
  /** Adds a permission to a path; default: leaves it unchanged. */
  readonly sign?: (path: string) => string
  readonly traffic: Traffic
  /** Hosts that relay libraries now. Default: none. */
  readonly relays?: () => readonly RelayHost[]
}

/** Maximum number of listed libraries: each page requests all of them every second. */
const maxListed = 1000
/** Maximum number of listed sets, the current one last. */
const maxListedSets = 100
/** Maximum number of listed hosts per library. */
const maxListedHolders = 1000
/** Maximum number of listed relays, and of the sources of each. */
const maxListedRelays = 500
const maxListedSources = 64

/** Has names, digests, URIs and counters, but no paths of this host. */
export function statusOf({
  set: currentSet,
  sets,
  url,
  holdersOf,
  sign = (path) => path,
  traffic,
  relays = () => [],
}: StatusSource) {
  const set = currentSet()
  const libraries = set?.libraries ?? []
  return {
    url: url() ?? null,
    setId: set?.id ?? null,
    manifest: set ? sign(manifestPath(set)) : null,
    totals: traffic.totals(),
    hosts: traffic.namedHosts(),
    otherHosts: traffic.otherHosts(),
    libraries: libraries.slice(0, maxListed).map((library) => ({
      ...library,
      path: sign(blobPath(library)),
      ...traffic.ofBlob(library.sha256, library.name),
    })),
    unlisted: Math.max(0, libraries.length - maxListed),
    setBytes: sizeOf(libraries),
    sets: sets()
      .slice(-maxListedSets)
      .map((each) => summaryOf(each, sign)),
    relays: relays()
      .slice(0, maxListedRelays)
      .map((relay) => ({ ...relay, sources: relay.sources.slice(0, maxListedSources) })),
    holders: holdersBy(sets().slice(-maxListedSets), holdersOf),
  }
}

/** The hosts that have each library of these sets, by digest. */
function holdersBy(
  sets: readonly LibrarySet[],
  holdersOf: StatusSource['holdersOf'],
): Readonly<Record<string, readonly string[]>> {
  const digests = new Set(sets.flatMap(({ libraries }) => libraries.map(({ sha256 }) => sha256)))
  return Object.fromEntries(
    [...digests]
      .slice(0, maxListed)
      .map((sha256) => [sha256, holdersOf(sha256).slice(0, maxListedHolders)] as const)
      .filter(([, hosts]) => hosts.length > 0),
  )
}

/** Without libraries: these are in the manifest. */
function summaryOf(set: LibrarySet, sign: (path: string) => string) {
  const { id, libraries } = set
  return {
    id,
    manifest: sign(manifestPath(set)),
    count: libraries.length,
    sizeBytes: sizeOf(libraries),
  }
}

function sizeOf(libraries: LibrarySet['libraries']): number {
  return libraries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}

/** What `/status.json` answers. */
export type JarServerStatus = ReturnType<typeof statusOf>
