import { startLocalCluster } from '../../local/cluster.ts'
import type { LocalCluster } from '../../local/cluster.ts'
import type { LocalClusterOptions } from '../../local/options/cluster-options.ts'
import { makeWorkDir } from './work-dir.ts'

/** Environment variables of this process that executors inherit. */
const inherited = ['PATH', 'JAVA_HOME', 'JARCAST_CACHE_DIR']

/**
 * Starts a cluster whose executors find the programs that this process finds. Rejects with
 * `CONFIG_INVALID` if `workDir` cannot be used.
 */
export async function startOwnCluster(options: LocalClusterOptions): Promise<LocalCluster> {
  if (options.workDir !== undefined) makeWorkDir(options.workDir)
  const executorEnvironment = Object.fromEntries(
    inherited.flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
  return await startLocalCluster({ executorEnvironment, ...options })
}
