import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { LocalCluster } from '../local/cluster.ts'

export interface CommandTask {
  readonly taskId: string
  readonly agentId: string
  readonly frameworkId: string
}

/** Copies what a command task wrote to its sandbox's stdout to `target`, which stays open. Nothing when it is gone. */
export async function copySandboxOutput(
  { agents }: Pick<LocalCluster, 'agents'>,
  { taskId, agentId, frameworkId }: CommandTask,
  target: NodeJS.WritableStream,
): Promise<void> {
  const agent = agents.find(({ id }) => id === agentId)
  if (agent === undefined) return
  // Mesos gives a command task an executor of the same id.
  const parts = ['slaves', agentId, 'frameworks', frameworkId, 'executors', taskId, 'runs/latest']
  const source = createReadStream(join(agent.workDir, ...parts, 'stdout'))
  await pipeline(source, target, { end: false }).catch(() => undefined)
}
