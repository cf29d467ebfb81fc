/** Events, input, output and effects of the downloader machine. */
import type { InstalledSet } from '../../domain/libraries/installed-set.ts'
import type { Library } from '../../domain/libraries/library.ts'
import type { ErrorCode } from '../../errors.ts'

/** Where a set is described: by its manifest, or only by the URIs of its libraries. */
export type SetSource =
  | { readonly kind: 'manifest'; readonly uri: string }
  | { readonly kind: 'uris'; readonly uris: readonly string[] }

/** A library of the set and where to get it. */
export interface SetEntry {
  readonly library: Library
  readonly uri: string
}

/** Why a fetch failed. */
export interface FetchFailure {
  readonly code: ErrorCode
  readonly message: string
  readonly retryable: boolean
  /** Wait before the next attempt, ms; has jitter, added by the performer of the fetch. */
  readonly retryDelayMs: number
  /** Bytes received in this attempt and kept. Any number resets the count of attempts. */
  readonly receivedBytes?: number
  /** Place in the queue of a busy source. Such an answer is not a failed attempt. */
  readonly place?: number
  /** SHA-256 of the received bytes, if it differs from that of the library. */
  readonly actual?: string
}

/** Results of effects. The executor forwards them to the downloader of the set they name. */
export type SetEvent =
  | {
      readonly type: 'manifest.fetched'
      readonly setId: string
      readonly entries: readonly SetEntry[]
    }
  | ({ readonly type: 'manifest.failed'; readonly setId: string } & FetchFailure)
  | { readonly type: 'library.fetched'; readonly setId: string; readonly name: string }
  | ({
      readonly type: 'library.failed'
      readonly setId: string
      readonly name: string
    } & FetchFailure)
  | { readonly type: 'set.installed'; readonly setId: string; readonly installed: InstalledSet }
  | {
      readonly type: 'set.failed'
      readonly setId: string
      readonly code: ErrorCode
      readonly message: string
    }

export type DownloaderEvent =
  | SetEvent
  /** The library has backed off: it may be fetched again. */
  | { readonly type: 'library.due'; readonly name: string }
  /** The library made no progress for half an hour. */
  | { readonly type: 'library.expired'; readonly name: string }
  /** The source has backed off: it may be asked for one library. */
  | { readonly type: 'source.due'; readonly source: string }

export interface DownloaderInput {
  readonly setId: string
  readonly source: SetSource
  /** Attempts per file before the set fails. */
  readonly maxAttempts: number
  /** Libraries fetched at the same time. */
  readonly concurrency: number
}

/** Why a set failed. */
export interface SetFailure {
  readonly code: ErrorCode
  readonly message: string
}

export type DownloaderOutput =
  | { readonly setId: string; readonly installed: InstalledSet }
  | ({ readonly setId: string } & SetFailure)

/** Params of `fx.fetchManifest`. */
export interface ManifestFetch {
  readonly setId: string
  readonly source: SetSource
  readonly attempt: number
}

/** Params of `fx.fetchLibrary`. */
export interface LibraryFetch extends SetEntry {
  readonly setId: string
  readonly attempt: number
}

/** Params of `fx.installSet`. */
export interface SetInstallation {
  readonly setId: string
  readonly entries: readonly SetEntry[]
}
