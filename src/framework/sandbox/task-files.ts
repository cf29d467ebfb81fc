/** The output of tasks and executors, read from their agents. */
import { createAgentFiles } from '../../client/agents/agent-files.ts'
import type { AgentFiles, AgentFilesOptions } from '../../client/agents/agent-files.ts'
import { isSafeFileName } from '../../domain/libraries/library.ts'
import type { FilePart } from '../../mesos/read-file.ts'
import type { TaskPlace } from './task-place.ts'

export interface OutputFile {
  readonly name: 'stdout' | 'stderr'
  /** The output of the executor, not of the task. */
  readonly isExecutor?: boolean
}

export interface TaskFiles {
  /**
   * Reads up to 64 KiB. Undefined for a task that has written nothing, or whose executor has no
   * file for each task. Rejects as `AgentFiles.read`.
   */
  read(place: TaskPlace, file: OutputFile, offset: number): Promise<FilePart | undefined>
  close(): void
}

/** Answers about a file are remembered for this many files. */
const maxKnown = 1000

export function createTaskFiles(options: AgentFilesOptions): TaskFiles {
  const agents = createAgentFiles(options)
  const known = new Map<string, string>()

  return {
    async read(place, file, offset) {
      const { agentId } = place
      const key = JSON.stringify([place.executorId, place.launchId, file])
      const path = known.get(key)
      const next = path === undefined ? undefined : await agents.read(agentId, path, offset)
      if (next !== undefined) return next
      // Not read yet, or the executor has another run since.
      for await (const folder of runFolders(agents, place)) {
        const candidate = `${folder}/${fileIn(place, file)}`
        const part = await agents.read(agentId, candidate, offset)
        if (part === undefined) continue
        if (known.size < maxKnown || path !== undefined) known.set(key, candidate)
        return part
      }
      return undefined
    },
    close: () => agents.close(),
  }
}

/** The latest run of the executor; for a task that is over, also the runs before it. */
async function* runFolders(agents: AgentFiles, place: TaskPlace): AsyncGenerator<string, void> {
  const { frameworkId, executorId, isOver } = place
  yield `/frameworks/${frameworkId}/executors/${executorId}/runs/latest`
  if (isOver) yield* await agents.runsOf(place)
}

/** Mesos makes an executor with the id of the task for a plain command: it has one output. */
function fileIn({ launchId, executorId }: TaskPlace, { name, isExecutor }: OutputFile): string {
  if (isExecutor === true || launchId === executorId) return name
  return `tasks/${folderOf(launchId)}/${name}`
}

/** As jarcast's executor names it. */
function folderOf(launchId: string): string {
  return isSafeFileName(launchId) ? launchId : encodeURIComponent(launchId).slice(0, 255)
}
