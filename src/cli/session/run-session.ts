/** One framework from start to end, for `run`, `exec` and `prefetch`: report, signals, exit status. */
import { writeSync } from 'node:fs'
import { defined } from '../../defined.ts'
import type { TaskRequest } from '../../domain/tasks/task-request.ts'
import { createFramework } from '../../framework/framework.ts'
import type { FrameworkControl } from '../../framework/control/offer-control.ts'
import type { Framework } from '../../framework/framework.ts'
import { checkTasks } from '../../framework/requests/task-options.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import { toFrameworkOptions } from '../flags/framework-flags.ts'
import type { FrameworkFlags } from '../flags/framework-flags.ts'
import { describeMaster } from '../flags/master-flags.ts'
import { packedFiles } from '../output/packed-files.ts'
import { asLate, exitStatusOfSignal, exitStatuses } from '../process/exit-status.ts'
import { onStopSignal } from '../process/stop-signals.ts'
import type { StopSignal } from '../process/stop-signals.ts'
import type { RunReport } from '../report/run-report.ts'
import { openControl } from './run-control.ts'
import { showExecutorFailures } from './executor-failures.ts'
import type { OpenPage } from './run-inspector.ts'
import { openMaster } from './master.ts'
import type { Master } from './master.ts'
import { showPageLink } from './page-link.ts'
import { refuseTasksWithoutLibraries, runTasks, tasksToRun } from './run-tasks.ts'

export interface SessionOptions {
  readonly flags: FrameworkFlags
  readonly libraries: readonly LibraryInput[]
  readonly tasks: readonly TaskRequest[]
  readonly report: RunReport
  /** Opens the page of `--inspect`, before the start. */
  readonly openPage: OpenPage
  /** Ends the session when it rejects, for example with an error of the task module. */
  readonly failed?: Promise<never>
  /** What to do in place of running the tasks; resolves with the exit status. */
  readonly run?: (framework: Framework) => Promise<number>
  /** Called before the start of the framework. */
  readonly onCreated?: (framework: Framework) => void
  /** Called when the tasks have ended, while the sandboxes of a local cluster still exist. */
  readonly onTasksOver?: () => Promise<void>
}

/**
 * Runs the tasks, with `--master local` on a cluster of its own, and resolves with the exit status
 * once everything has ended. A signal stops the framework first. Rejects with the error that kept
 * the framework from starting, or ended it.
 */
export async function runSession(options: SessionOptions): Promise<number> {
  process.once('exit', reportEarlyExit)
  try {
    return await runUntilStopped(options)
  } finally {
    process.off('exit', reportEarlyExit)
  }
}

/** A task module that ends the process would make it report success. */
function reportEarlyExit(status: number): void {
  if (status !== exitStatuses.ok) return
  process.exitCode = exitStatuses.failed
  writeSync(2, 'jarcast: the module of tasks ended the process before its tasks ended\n')
}

/** The framework of a session, and the signal that stopped it. */
interface Progress {
  framework?: Framework
  stoppedBy?: StopSignal
}

async function runUntilStopped(options: SessionOptions): Promise<number> {
  const { flags, report } = options
  const progress: Progress = {}
  const stop = async (): Promise<void> => {
    await progress.framework?.stop({ detach: flags.detach === true })
  }
  const ignoreSignals = onStopSignal((signal) => {
    progress.stoppedBy = signal
    // The session awaits the tasks, which fail with the same error.
    stop().catch(() => undefined)
  })
  try {
    refuseTasksWithoutLibraries(options)
    checkTasks(tasksToRun(options), toFrameworkOptions(flags, flags.master, options.libraries))
    const master = await openMaster(flags)
    try {
      if (flags.dryRun === true) return await planOn(master, options)
      return await runOn(master, options, progress, stop)
    } finally {
      await stop()
      await master.close()
    }
  } finally {
    report.close()
    ignoreSignals()
  }
}

/** Shows what would be launched. */
async function planOn({ url, credentials }: Master, session: SessionOptions): Promise<number> {
  const { flags, libraries } = session
  const { showPlan } = await import('../plan/dry-run.ts')
  const options = { ...toFrameworkOptions(flags, url, libraries), ...defined({ credentials }) }
  return await showPlan(options, tasksToRun(session), flags.json === true)
}

async function runOn(
  master: Master,
  options: SessionOptions,
  progress: Progress,
  stop: () => Promise<void>,
): Promise<number> {
  const { failed, report } = options
  if (progress.stoppedBy !== undefined) return exitStatusOfSignal(progress.stoppedBy)
  let control: FrameworkControl | undefined
  try {
    const framework = createFramework({
      ...toFrameworkOptions(options.flags, master.url, options.libraries),
      ...defined({ credentials: master.credentials }),
    })
    progress.framework = framework
    control = openControl(framework, options)
    await options.openPage(framework)
    options.onCreated?.(framework)
    watchSession(framework, master, options)
    const running = options.run?.(framework) ?? runTasks(framework, options)
    const status = await (failed === undefined ? running : Promise.race([running, failed]))
    await options.onTasksOver?.()
    await stop()
    if (report.failure !== undefined) throw report.failure
    return statusAfter(progress, status)
  } catch (error) {
    if (progress.stoppedBy !== undefined) return exitStatusOfSignal(progress.stoppedBy)
    // The framework's failure is the reason of all others.
    const cause = report.failure ?? error
    throw report.log.totals().launched > 0 ? asLate(cause) : cause
  } finally {
    await stop()
    if (master.cluster !== undefined) await control?.readersLeft(lastReadMs)
    await control?.close()
  }
}

/** Time for "jarcast logs" to read the last output: the sandboxes end with the cluster. */
const lastReadMs = 5000

/** A signal may arrive during any `await`: the compiler cannot know. */
function statusAfter({ stoppedBy }: Progress, status: number): number {
  return stoppedBy === undefined ? status : exitStatusOfSignal(stoppedBy)
}

function watchSession(
  framework: Framework,
  master: Master,
  { flags, report }: SessionOptions,
): void {
  report.watch(framework, describeMaster(master.url))
  if (flags.verbose === true)
    framework.on('library.packed', (packed) => report.note(packedFiles(packed)))
  showExecutorFailures(framework, master, report)
  showPageLink(framework, flags, report)
}
