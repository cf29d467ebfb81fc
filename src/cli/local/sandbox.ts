/** What tasks and executors wrote, read from the sandboxes of a cluster in this process. */
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
 * The folder with what one task wrote, if it began. The executor of jarcast keeps one for each; an executor that Mesos
 * made for one command, and which has its id, has only its own.
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

/** Copies one output, whole, to `target`, which stays open. Nothing when it is gone. */
export async function copyOutput(
  folder: string,
  name: OutputName,
  target: NodeJS.WritableStream & { readonly isTTY?: boolean },
): Promise<void> {
  const source = createReadStream(join(folder, name))
  const end = { end: false }
  // Nobody may be reading any more, and the folder may be gone: neither is a failure of the task.
  if (target.isTTY === true) {
    await pipeline(source, createPrintable(), target, end).catch(() => undefined)
  } else await pipeline(source, target, end).catch(() => undefined)
}

/** The last 4 KiB of an output, fit for a terminal; empty when there is none. */
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

/** What a task writes must not steer the terminal that it is shown on. */
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
