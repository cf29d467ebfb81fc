/** Where tasks run: a master elsewhere, or a cluster in this process. */
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
  /** Only of a cluster in this process. */
  readonly cluster?: LocalCluster
  close(): Promise<void>
}

/** The master of `--master`; for `local`, one that is started now and ends with `close`. */
export async function openMaster(
  flags: Pick<MasterFlags, 'master' | 'agents' | 'workDir' | 'credentials' | 'principal'>,
): Promise<Master> {
  if (!isLocalMaster(flags)) return { url: flags.master, close: () => Promise.resolve() }
  const { agents, workDir } = flags
  const cluster = await startOwnCluster({
    credentials: [credentialsFor(flags)],
    ...(agents === undefined ? {} : { agents }),
    ...(workDir === undefined ? {} : { workDir }),
  })
  const { credentials, url } = cluster
  return { url, credentials, cluster, close: () => cluster.close() }
}

/** Made for each run and kept in memory, so that no other user of this machine has them. */
function credentialsFor({
  credentials,
  principal,
}: Pick<MasterFlags, 'credentials' | 'principal'>): Credential {
  if (credentials !== undefined) return readCredentials(credentials, principal)
  return randomCredential(principal ?? 'jarcast-local')
}
