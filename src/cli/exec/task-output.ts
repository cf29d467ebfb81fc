/** Shows the output of the task of `jarcast exec` while it runs, and its result. */
import type { TaskWork } from '../../domain/tasks/task-work.ts'
import { messageOf } from '../../errors.ts'
import type { Framework } from '../../framework/framework.ts'
import { openFrameworkOutput } from '../../framework/control/framework-output.ts'
import type { FrameworkOutput } from '../../framework/control/framework-output.ts'
import { createByteWriter } from '../output/byte-writer.ts'
import { printable } from '../output/printable.ts'
import { showReport, resultOf } from './task-report.ts'
import type { RunRow } from '../report/record/run-log.ts'

export interface TaskOutput {
  /** Resolves once all output and the result are written; call it when the task has ended. */
  finish(row: RunRow): Promise<void>
}

export interface TaskOutputOptions {
  readonly taskId: string
  readonly kind: TaskWork['kind']
  /** False: only the result of a function is written. */
  readonly isShown: boolean
  /** Called before the first byte. */
  readonly onFirst: () => void
}

/**
 * Copies stdout and stderr of the task as they are written. The result of a function is the only
 * thing on stdout. What the agent does not give is taken from the executor's report, which has the
 * end of it.
 */
export function showTaskOutput(framework: Framework, options: TaskOutputOptions): TaskOutput {
  const output = openFrameworkOutput(framework)
  const isFunction = options.kind === 'js'
  const copies = options.isShown
    ? [
        copy(output, 'stdout', isFunction ? process.stderr : process.stdout, options),
        copy(output, 'stderr', process.stderr, options),
      ]
    : []
  return {
    async finish(row) {
      const results = await Promise.all(copies)
      output.close()
      const failure = results.find(({ problem }) => problem !== undefined)?.problem
      const { report, error, status } = row.end ?? {}
      const isForeign = report === undefined && status?.executorId?.value !== status?.taskId.value
      const hasMore = isForeign || (report?.logTail ?? '') !== ''
      if (failure !== undefined) showReport(row, failure)
      else if (isFunction && report !== undefined && error === undefined)
        process.stdout.write(resultOf(report))
      else if (options.isShown && hasMore && results.every(({ bytes }) => bytes === 0))
        showReport(row, 'it is not there any more, or in no file of the task')
    },
  }
}

interface Copied {
  readonly bytes: number
  /** What prevented the copy. */
  readonly problem?: string
}

async function copy(
  output: FrameworkOutput,
  name: 'stdout' | 'stderr',
  target: NodeJS.WriteStream,
  { taskId, onFirst }: TaskOutputOptions,
): Promise<Copied> {
  const writer = createByteWriter(target)
  let bytes = 0
  try {
    for await (const part of output.follow(taskId, { name }, { onRetry: () => undefined })) {
      if (bytes === 0) onFirst()
      bytes += part.length
      // The reader may have left: that is no failure of the task.
      if (!(await writer.write(part))) return { bytes }
    }
    await writer.end()
    return { bytes }
  } catch (error) {
    return { bytes, problem: printable(messageOf(error)) }
  }
}
