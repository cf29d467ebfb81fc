/** One framework from start to end, as `run` and `exec` have it: its tasks, its report, the signals, the exit status. */
import type { TaskRequest } from '../domain/task-request.ts'
import { createFramework } from '../framework/framework.ts'
import type { Framework } from '../framework/framework.ts'
import type { LibraryInput } from '../server/library-check.ts'
import { exitStatusOfSignal, exitStatuses } from './exit-status.ts'
import { toFrameworkOptions, withTaskDefaults } from './framework-flags.ts'
import type { FrameworkFlags } from './framework-flags.ts'
import { openMaster } from './local-master.ts'
import type { RunReport } from './run-report.ts'
import { onStopSignal } from './stop-signals.ts'
import type { StopSignal } from './stop-signals.ts'

export interface SessionOptions {
  readonly flags: FrameworkFlags
  readonly libraries: readonly LibraryInput[]
  readonly tasks: readonly TaskRequest[]
  readonly report: RunReport
}

/**
 * Runs the tasks, on a cluster of its own with `--master local`, and resolves with the exit status once everything has
 * ended. A signal stops the framework first. Rejects with what kept the framework from starting, or ended it.
 */
export async function runSession({
  flags,
  libraries,
  tasks,
  report,
}: SessionOptions): Promise<number> {
  let stoppedBy: StopSignal | undefined
  let framework: Framework | undefined
  const stop = async (): Promise<void> => await framework?.stop({ detach: flags.detach === true })
  const ignoreSignals = onStopSignal((signal) => {
    stoppedBy = signal
    // What came of it is seen where the session waits for the tasks.
    stop().catch(() => undefined)
  })
  try {
    const master = await openMaster(flags)
    try {
      if (stoppedBy !== undefined) return exitStatusOfSignal(stoppedBy)
      framework = createFramework(toFrameworkOptions(flags, master.url, libraries))
      report.watch(framework)
      const status = await runTasks(
        framework,
        tasks.map((task) => withTaskDefaults(task, flags)),
      )
      return stoppedBy === undefined ? status : exitStatusOfSignal(stoppedBy)
    } catch (error) {
      if (stoppedBy !== undefined) return exitStatusOfSignal(stoppedBy)
      throw error
    } finally {
      await stop()
      await master.close()
    }
  } finally {
    report.close()
    ignoreSignals()
  }
}

/** Tasks that fail are the report's to show; a framework that fails is the caller's. */
async function runTasks(framework: Framework, tasks: readonly TaskRequest[]): Promise<number> {
  let failure: Error | undefined
  const keepFailure = (error: Error): void => void (failure = error)
  framework.once('framework.failed', keepFailure)
  try {
    await framework.start()
    const outcomes = await Promise.allSettled(tasks.map((task) => framework.run(task)))
    if (failure !== undefined) throw failure
    const isEveryFinished = outcomes.every(({ status }) => status === 'fulfilled')
    return isEveryFinished ? exitStatuses.ok : exitStatuses.failed
  } finally {
    framework.off('framework.failed', keepFailure)
  }
}
