/** Reads the output of executors from the sandboxes of a cluster in this process. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { LocalCluster } from '../../local/cluster.ts'
import { printable } from '../output/printable.ts'

export interface ExecutorPlace {
  readonly agentId: string
  readonly frameworkId: string
  readonly executorId: string
}

type Cluster = Pick<LocalCluster, 'agents'>
type OutputName = 'stdout' | 'stderr'

const tailBytes = 4096

/** The sandbox of an executor's latest run; undefined for an agent of another cluster. */
export function findSandbox(
  { agents }: Cluster,
  { agentId, frameworkId, executorId }: ExecutorPlace,
): string | undefined {
  const agent = agents.find(({ id }) => id === agentId)
  if (agent === undefined) return undefined
  const parts = ['slaves', agentId, 'frameworks', frameworkId, 'executors', executorId]
  return join(agent.workDir, ...parts, 'runs/latest')
}

/** The last 4 KiB of an output, safe for a terminal; empty if there is none. */
export function readOutputTail(folder: string, name: OutputName): string {
  try {
    const file = openSync(join(folder, name), 'r')
    try {
      const { size } = fstatSync(file)
      const bytes = Buffer.alloc(Math.min(size, tailBytes))
      const length = readSync(file, bytes, 0, bytes.length, size - bytes.length)
      return printable(bytes.toString('utf8', 0, length)).trimEnd()
    } finally {
      closeSync(file)
    }
  } catch {
    return ''
  }
}
