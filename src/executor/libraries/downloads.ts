/** The effects of the downloader machines: manifests, libraries, and sets in the sandbox. */
import { parseManifest } from '../../domain/libraries/library.ts'
import type { Library, LibrarySet } from '../../domain/libraries/library.ts'
import type { InstalledSet } from '../../domain/libraries/installed-set.ts'
import type { ExecutorMessage } from '../../domain/tasks/executor-message.ts'
import type {
  LibraryFetch,
  ManifestFetch,
  SetEntry,
  SetEvent,
  SetInstallation,
  SetSource,
} from '../../machines/downloader/events.ts'
import { timeoutSignal } from '../../timeout-signal.ts'
import type { HostCache } from './cache/host-cache.ts'
import { describeFailure } from './fetch-failure.ts'
import { fetchLibrary } from './fetch-library.ts'
import type { Fetched } from './fetch-library.ts'
import { FetchProgress } from './fetch-progress.ts'
import { installSet } from './install/install-set.ts'
import { createInstalledSets } from './install/installed-sets.ts'
import type { InstalledSets } from './install/installed-sets.ts'
import { ownPlatform } from './own-platform.ts'
import { describeUris } from './library-uris.ts'
import type { Relay } from './relay/relay.ts'
import { readUri } from './transfer/http-get.ts'
import type { SetAccess } from './transfer/set-access.ts'

export interface DownloadsOptions {
  readonly sandbox: string
  readonly cache: HostCache
  /** Fetches large libraries from other executors. Default: all come from the server. */
  readonly relay?: Relay
  /** Signs requests for libraries. Default: they are not signed. */
  readonly access?: SetAccess
  readonly sendMessage: (message: ExecutorMessage) => void
  readonly log?: (message: string) => void
  /** Bound of the random back-off before the second attempt, doubled for each later one. */
  readonly backOffMs: number
}

const maxManifestBytes = 8 * 1024 * 1024
const maxBackOffMs = 15_000
/** Maximum time of an attempt. The next attempt continues from there. */
const attemptMs = 10 * 60_000

/** Performs downloads. The methods for effects resolve to an event and never reject. */
export class Downloads {
  readonly #options: DownloadsOptions
  readonly #sets: InstalledSets
  readonly #controllers = new Map<string, AbortController>()
  /** By digest: the same bytes under two names, or in two sets, are fetched once. */
  readonly #flights = new Map<string, Promise<Fetched>>()
  readonly #progress = new Map<string, FetchProgress>()
  readonly #restoring = new AbortController()

  constructor(options: DownloadsOptions) {
    const { sandbox, cache, log } = options
    this.#options = options
    this.#sets = createInstalledSets({
      sandbox,
      build: (setId, entries, signal) =>
        installSet(sandbox, setId, entries, {
          cache,
          signal,
          refetch: (entry) => this.#fetchAndReport({ ...entry, setId, attempt: 1 }),
        }),
      ...(log && { log }),
    })
  }

  async fetchManifest({ setId, source, attempt }: ManifestFetch): Promise<SetEvent> {
    try {
      return { type: 'manifest.fetched', setId, entries: await this.#readEntries(setId, source) }
    } catch (error) {
      return { type: 'manifest.failed', setId, ...this.#describeFailure(error, attempt) }
    }
  }

  async fetchLibrary(params: LibraryFetch): Promise<SetEvent> {
    const { setId, library, attempt } = params
    const { name } = library
    try {
      await this.#fetchAndReport(params)
      this.#progress.delete(keyOf(params))
      return { type: 'library.fetched', setId, name }
    } catch (error) {
      const failure = this.#describeFailure(error, attempt)
      const progress = this.#progressOf(params)
      // Bytes received on a full disk are not progress.
      const receivedBytes = failure.code === 'DISK_FULL' ? 0 : progress.receivedBytes
      if (failure.place !== undefined) progress.queue(failure.place)
      return { type: 'library.failed', setId, name, receivedBytes, ...failure }
    }
  }

  async installSet({ setId, entries }: SetInstallation): Promise<SetEvent> {
    try {
      const installed = await this.#sets.install(setId, entries, this.#signalOf(setId))
      return { type: 'set.installed', setId, installed }
    } catch (error) {
      const { code, message } = this.#describeFailure(error, 1)
      return { type: 'set.failed', setId, code, message }
    } finally {
      this.#controllers.delete(setId)
    }
  }

  /** Undoes changes by tasks in these sets. Rejects with the errors of fetching and installing. */
  async restoreSets(sets: readonly InstalledSet[]): Promise<void> {
    await this.#sets.restore(sets, this.#restoring.signal)
  }

  /** Removes the set from the sandbox. */
  releaseSet(setId: string): void {
    this.#sets.release(setId)
  }

  /** Ends the transfers of the set. */
  cancelFetches(setId: string): void {
    this.#controllers.get(setId)?.abort()
    this.#controllers.delete(setId)
  }

  cancelAll(): void {
    for (const controller of this.#controllers.values()) controller.abort()
    this.#controllers.clear()
    this.#restoring.abort()
  }

  async #readEntries(setId: string, source: SetSource): Promise<readonly SetEntry[]> {
    const { cache } = this.#options
    const signal = this.#signalOf(setId)
    if (source.kind === 'uris') return await describeUris(source.uris, { cache, signal })
    const set = await this.#readSet(setId, source.uri, signal)
    const ours = set.libraries.filter(isForThisHost)
    return ours.map((library) => {
      const path = `../blobs/${library.sha256}/${encodeURIComponent(library.name)}`
      return { library, uri: new URL(path, source.uri).href }
    })
  }

  /** The id of a set is the digest of its manifest, which the host cache may have. */
  async #readSet(setId: string, uri: string, signal: AbortSignal): Promise<LibrarySet> {
    const { cache, access } = this.#options
    const kept = await cache.read(setId, maxManifestBytes).catch(() => undefined)
    if (kept !== undefined) return parseManifest(String(kept), setId)
    const authorize = access?.of(setId)
    const text = String(await readUri(uri, maxManifestBytes, { signal, authorize }))
    const set = parseManifest(text, setId)
    // An error here only costs the next executor a request.
    await cache.keep(Buffer.from(text), setId).catch(() => undefined)
    return set
  }

  async #fetchAndReport(params: LibraryFetch): Promise<void> {
    const { name, sha256, sizeBytes } = params.library
    const startedMs = performance.now()
    const fetched = await this.#fetchOnce(params)
    const durationMs = Math.round(performance.now() - startedMs)
    const about = { name, sha256, sizeBytes, ...fetched, durationMs }
    this.#options.sendMessage({ type: 'library.fetched', ...about })
  }

  async #fetchOnce(params: LibraryFetch): Promise<Fetched> {
    const { library, uri, setId } = params
    const progress = this.#progressOf(params)
    progress.startAttempt()
    const flight = this.#flights.get(library.sha256)
    if (flight !== undefined) {
      await flight
      return { source: 'cache', receivedBytes: 0 }
    }
    const { cache, relay, access } = this.#options
    const own = fetchLibrary(library, uri, {
      cache,
      relay,
      signal: AbortSignal.any([this.#signalOf(setId), timeoutSignal(attemptMs)]),
      authorize: access?.of(setId),
      onProgress: (heldBytes) => progress.hold(heldBytes),
      onPlace: (place) => progress.queue(place),
    })
    this.#flights.set(library.sha256, own)
    try {
      return await own
    } finally {
      this.#flights.delete(library.sha256)
    }
  }

  #describeFailure(error: unknown, attempt: number) {
    const { backOffMs: firstMs } = this.#options
    return describeFailure(error, attempt, { firstMs, capMs: maxBackOffMs })
  }

  #progressOf(params: LibraryFetch): FetchProgress {
    const key = keyOf(params)
    const known = this.#progress.get(key)
    const progress = known ?? new FetchProgress(params.library, this.#options.sendMessage)
    this.#progress.set(key, progress)
    return progress
  }

  #signalOf(setId: string): AbortSignal {
    const controller = this.#controllers.get(setId) ?? new AbortController()
    this.#controllers.set(setId, controller)
    return controller.signal
  }
}

/** A JRE for another platform is not even fetched. */
function isForThisHost({ platform }: Library): boolean {
  return platform === undefined || platform === ownPlatform()
}

function keyOf({ setId, library }: LibraryFetch): string {
  return `${setId}/${library.name}`
}
