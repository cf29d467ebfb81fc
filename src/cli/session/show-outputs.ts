/** Shows what the tasks of a run write, live. */
import { messageOf } from '../../errors.ts'
import type { Framework } from '../../framework/framework.ts'
import { openFrameworkOutput } from '../../framework/control/framework-output.ts'
import type { FollowedOutputs } from '../../framework/control/follow-outputs.ts'
import { printable } from '../output/printable.ts'
import { createBufferCollector } from '../process/young-buffers.ts'
import { createLineSplitter } from '../report/output/line-splitter.ts'
import type { RunReport } from '../report/run-report.ts'

/** Call it before the framework runs the tasks. */
export function showOutputs(
  framework: Framework,
  report: Pick<RunReport, 'output' | 'note'>,
): FollowedOutputs {
  const output = openFrameworkOutput(framework)
  const linesIn = createLineSplitter()
  const collectBuffers = createBufferCollector()
  const told = new Set<string>()
  const followed = output.followAll({
    async take(part) {
      const { taskId, attempt, name } = part
      collectBuffers(part.bytes.length)
      const bytes = linesIn(part)
      if (bytes.length === 0) return
      // The reader may have left: the run goes on.
      if (!(await report.output({ taskId, attempt, name, bytes }))) followed.close()
    },
    onFailure(taskId, error) {
      const why = printable(messageOf(error))
      // One agent may have thousands of tasks.
      if (told.has(why)) return
      told.add(why)
      report.note(`the output of ${printable(taskId)} cannot be shown: ${why}`)
    },
  })
  return {
    settled: followed.settled,
    close() {
      followed.close()
      output.close()
    },
  }
}
