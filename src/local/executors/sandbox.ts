/**
 * Folders of executors below an agent's work folder, as in Mesos.
 * Source: apache/mesos docs/sandbox.md; src/slave/paths.cpp.
 */
import { rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolders } from '../../leases/private-files.ts'

export interface SandboxIds {
  readonly agentId: string
  readonly frameworkId: string
  readonly executorId: string
  readonly containerId: string
}

/** `slaves/ID/frameworks/ID/executors/ID/runs/CONTAINER` below `workDir`. */
function sandboxPath(workDir: string, ids: SandboxIds): string {
  const { agentId, containerId, executorId, frameworkId } = ids
  const executor = `slaves/${agentId}/frameworks/${frameworkId}/executors/${executorId}`
  return join(workDir, executor, 'runs', containerId)
}

/** Makes the run's folder with empty `stdout` and `stderr`, and points `latest` at it. */
export async function createSandbox(workDir: string, ids: SandboxIds): Promise<string> {
  const directory = sandboxPath(workDir, ids)
  makeFolders(directory)
  await createLogs(directory)
  await pointLatest(dirname(directory), ids.containerId)
  return directory
}

/** Makes the folder of a task in a group's executor, linked as `tasks/TASK`. */
export async function createTaskSandbox(
  executorDirectory: string,
  taskId: string,
  containerId: string,
): Promise<string> {
  const directory = join(executorDirectory, 'containers', containerId)
  makeFolders(directory)
  await createLogs(directory)
  makeFolders(join(executorDirectory, 'tasks'))
  const link = join(executorDirectory, 'tasks', taskId)
  await rm(link, { force: true })
  await symlink(directory, link)
  return directory
}

async function createLogs(directory: string): Promise<void> {
  await writeFile(join(directory, 'stdout'), '', { flag: 'a' })
  await writeFile(join(directory, 'stderr'), '', { flag: 'a' })
}

async function pointLatest(runs: string, containerId: string): Promise<void> {
  const next = join(runs, `.latest-${containerId}`)
  await symlink(join(runs, containerId), next)
  await rename(next, join(runs, 'latest'))
}
