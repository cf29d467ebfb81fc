/** The settings of a jar server. */
import type { AdmissionOptions } from '../access/admission.ts'
import type { RelayEvent } from '../domain/relay/relay-events.ts'
import { configInvalid } from '../errors.ts'
import type { StagedBlob } from './blobs/blob.ts'
import type { RequestRecord } from './http/exchange.ts'
import type { StagedLibraries } from './libraries/library-store.ts'
import type { ListenerOptions } from './listener/listener.ts'
import type { ServerTlsFiles } from './listener/server-tls.ts'
import type { RunKey } from './permissions/access.ts'

export interface JarServerOptions extends Omit<ListenerOptions, 'tls'>, AdmissionOptions {
  /**
   * Speaks https with this certificate, or with `auto`, with one of an authority made from the key.
   * The authority travels with `accessTo`. Extras are also served without TLS. Executors do not
   * relay libraries then: they have no certificates. Throws `CONFIG_INVALID` for unusable files,
   * and together with `open`.
   */
  readonly tls?: ServerTlsFiles | 'auto'
  /** Host names that browsers may use, besides addresses and the advertised host. */
  readonly allowHosts?: readonly string[]
  /**
   * The key for permissions; default: a new one. To continue after an earlier server, pass its key.
   */
  readonly key?: RunKey
  /** Gives all files to every client, and accepts every client as an executor. Default false. */
  readonly open?: boolean
  /** A set, or several, of which the last is the current one. */
  readonly libraries?: StagedLibraries | readonly StagedLibraries[]
  /**
   * Files served besides the libraries, such as the executor's program. They are in no set and not
   * in the seed's form. Every client that knows their address may have them.
   */
  readonly extras?: readonly StagedBlob[]
  /** Bytes of blobs kept in memory; default 64 MiB. */
  readonly memoryBudgetBytes?: number
  /** Called once per request, when it is over. What it throws is ignored. */
  readonly onRequest?: (record: RequestRecord) => void
  /** Hears of executors that pass libraries on to each other, which is off without it. */
  readonly onRelay?: (event: RelayEvent) => void
  /** Serves a page that shows the libraries and what was taken of them, at `/`. Default true. */
  readonly statusPage?: boolean
  /** Hosts that have a library by its digest, shown by the status page; default: none are known. */
  readonly holdersOf?: (sha256: string) => readonly string[]
}

/** Throws `CONFIG_INVALID` for limits that allow nothing, and for `open` together with `tls`. */
export function checkJarServerOptions(options: JarServerOptions): void {
  const { maxStreams = 1, egressBytesPerSecond = 1 } = options
  for (const [name, value] of Object.entries({ maxStreams, egressBytesPerSecond })) {
    if (!(value >= 1)) throw configInvalid(name, `${name} must be 1 or more, not ${value}`)
  }
  if (options.tls !== undefined && options.open === true)
    throw configInvalid('open', 'an open jar server needs no TLS: leave out open, or tls')
}
