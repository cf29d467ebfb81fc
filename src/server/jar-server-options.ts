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
   * Speaks https with this certificate. `auto`: with a certificate signed by a CA that is made from
   * the key, and is part of `accessTo`. Extras are also served without TLS. Executors do not relay
   * libraries then, since they have no certificates. Throws `CONFIG_INVALID` for unusable files,
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
  /** One or more sets; the last one is current. */
  readonly libraries?: StagedLibraries | readonly StagedLibraries[]
  /**
   * Files served besides the libraries, such as the executor's program. They are in no set and not
   * in the seed's form. Every client that knows their address may have them.
   */
  readonly extras?: readonly StagedBlob[]
  /** Bytes of blobs kept in memory; default 64 MiB. */
  readonly memoryBudgetBytes?: number
  /** Called once per request, after its end. Its errors are ignored. */
  readonly onRequest?: (record: RequestRecord) => void
  /** Called with events of executors that relay libraries. Default: they do not relay. */
  readonly onRelay?: (event: RelayEvent) => void
  /** Serves a page at `/` that shows the libraries and their traffic. Default true. */
  readonly statusPage?: boolean
  /** Hosts that have the library of a digest, for the status page. Default: none. */
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
