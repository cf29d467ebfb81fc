/** The shared parts of all machines of the cluster. */
import type { Authenticator } from '../http/basic-authentication.ts'
import type { TlsMaterial } from '../http/tls.ts'
import type { WebPageRules } from '../http/web-pages.ts'
import type { Registrar } from '../master/state/registrar.ts'
import type { Network } from '../network/network.ts'
import type { LocalClusterOptions } from '../options/cluster-options.ts'
import type { Leadership } from './leadership.ts'

export interface NodePlace {
  readonly options: LocalClusterOptions
  readonly host: string
  /** Of the whole cluster. */
  readonly workDir: string
  readonly tls: TlsMaterial | undefined
  /** Checks credentials; allows every client in an open cluster. */
  readonly authenticate: Authenticator
  readonly webPages: WebPageRules
  readonly network: Network
  readonly leadership: Leadership
  readonly registrar: Registrar
}
