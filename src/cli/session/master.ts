/** Where tasks run: a master elsewhere, or a cluster in this process. */
import { readCredentials } from '../../framework/options/credentials.ts'
import { startLocalCluster } from '../../local/cluster.ts'
import type { LocalCluster } from '../../local/cluster.ts'
import type { LocalClusterOptions } from '../../local/options/cluster-options.ts'
import { randomCredential, type Credential } from '../../local/http/basic-authentication.ts'
import { isLocalMaster } from '../flags/framework-flags.ts'
import type { FrameworkFlags } from '../flags/framework-flags.ts'
import { makeWorkDir } from '../local/work-dir.ts'

export interface Master {
  readonly url: string
  /** Credentials that the cluster in this process requires. */
  readonly credentials?: Credential
  /** Only of a cluster in this process. */
  readonly cluster?: LocalCluster
  close(): Promise<void>
}

const handedDown = ['PATH', 'JAVA_HOME', 'JARCAST_CACHE_DIR']

/** The master of `--master`; for `local`, one that is started now and ends with `close`. */
export async function openMaster(
  flags: Pick<FrameworkFlags, 'master' | 'agents' | 'workDir' | 'credentials' | 'principal'>,
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
}: Pick<FrameworkFlags, 'credentials' | 'principal'>): Credential {
  if (credentials !== undefined) return readCredentials(credentials, principal)
  return randomCredential(principal ?? 'jarcast-local')
}

/** A cluster whose executors find the programs that this process finds. Rejects with `CONFIG_INVALID` for a bad folder. */
export async function startOwnCluster(options: LocalClusterOptions): Promise<LocalCluster> {
  if (options.workDir !== undefined) makeWorkDir(options.workDir)
  const executorEnvironment = Object.fromEntries(
    handedDown.flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
  return await startLocalCluster({ executorEnvironment, ...options })
}
