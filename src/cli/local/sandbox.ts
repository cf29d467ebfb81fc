/** Reads the output of tasks and executors from the sandboxes of a cluster in this process. */
import { closeSync, createReadStream, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { StringDecoder } from 'node:string_decoder'
import type { LocalCluster } from '../../local/cluster.ts'
import { printable } from '../output/printable.ts'

export interface ExecutorPlace {
  readonly agentId: string
  readonly frameworkId: string
  readonly executorId: string
}

type Cluster = Pick<LocalCluster, 'agents'>
export type OutputName = 'stdout' | 'stderr'

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

/**
 * The folder with the output of one task, if it started. jarcast's executor has a folder per task;
 * an executor that Mesos made for one command has the id of its task and one folder only.
 */
export function findTaskOutput(
  sandbox: string,
  { launchId, executorId }: { readonly launchId: string; readonly executorId: string },
): string | undefined {
  if (launchId === executorId) return sandbox
  const names = [launchId, encodeURIComponent(launchId).slice(0, 255)]
  const folders = names.map((name) => join(sandbox, 'tasks', name))
  return folders.find((folder) => existsSync(folder))
}

/** Copies one output to `target`, which stays open. Copies nothing if it does not exist. */
export async function copyOutput(
  folder: string,
  name: OutputName,
  target: NodeJS.WritableStream & { readonly isTTY?: boolean },
): Promise<void> {
  const source = createReadStream(join(folder, name))
  const end = { end: false }
  // The reader may have left, and the folder may be removed: neither is a failure of the task.
  if (target.isTTY === true) {
    await pipeline(source, createPrintable(), target, end).catch(() => undefined)
  } else await pipeline(source, target, end).catch(() => undefined)
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

/** The output of a task must not control the terminal. */
function createPrintable(): Transform {
  const decoder = new StringDecoder('utf8')
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, printable(decoder.write(chunk)))
    },
    flush(done) {
      done(null, printable(decoder.end()))
    },
  })
}
