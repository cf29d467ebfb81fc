/** The master of a session: a real one, or a cluster in this process. */
import { defined } from '../../defined.ts'
import { readCredentials } from '../../framework/options/credentials.ts'
import type { LocalCluster } from '../../local/cluster.ts'
import { randomCredential, type Credential } from '../../local/http/basic-authentication.ts'
import { isLocalMaster } from '../flags/master-flags.ts'
import type { MasterFlags } from '../flags/master-flags.ts'
import { startOwnCluster } from '../local/own-cluster.ts'

export interface Master {
  readonly url: string
  /** Credentials that the cluster in this process requires. */
  readonly credentials?: Credential
  /** Only with `--master local`. */
  readonly cluster?: LocalCluster
  close(): Promise<void>
}

/** The master of `--master`; for `local`, starts a cluster that ends with `close`. */
export async function openMaster(
  flags: Pick<MasterFlags, 'master' | 'agents' | 'workDir' | 'credentials' | 'principal'>,
): Promise<Master> {
  if (!isLocalMaster(flags)) return { url: flags.master, close: () => Promise.resolve() }
  const { agents, workDir } = flags
  const cluster = await startOwnCluster({
    credentials: [credentialsFor(flags)],
    ...defined({ agents, workDir }),
  })
  const { credentials, url } = cluster
  return { url, credentials, cluster, close: () => cluster.close() }
}

/** Random for each run and kept in memory, so that no other user of this machine has them. */
function credentialsFor({
  credentials,
  principal,
}: Pick<MasterFlags, 'credentials' | 'principal'>): Credential {
  if (credentials !== undefined) return readCredentials(credentials, principal)
  return randomCredential(principal ?? 'jarcast-local')
}
