/**
 * One framework from start to end, as `run` and `exec` have it: its tasks, its report, the signals,
 * the exit status.
 */
import { writeSync } from 'node:fs'
import type { TaskRequest } from '../../domain/tasks/task-request.ts'
import { JarcastError } from '../../errors.ts'
import { createFramework } from '../../framework/framework.ts'
import type { Framework } from '../../framework/framework.ts'
import { checkTasks } from '../../framework/requests/task-options.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import { asLate, exitStatusOfSignal, exitStatuses } from '../process/exit-status.ts'
import { toFrameworkOptions } from '../flags/framework-flags.ts'
import type { FrameworkFlags } from '../flags/framework-flags.ts'
import { describeMaster } from '../flags/master-flags.ts'
import { openMaster } from './master.ts'
import type { Master } from './master.ts'
import { findSandbox, readOutputTail } from '../local/sandbox.ts'
import type { RunReport } from '../report/run-report.ts'
import { packedFiles } from '../output/packed-files.ts'
import { onStopSignal } from '../process/stop-signals.ts'
import type { StopSignal } from '../process/stop-signals.ts'
import { withTaskDefaults } from '../flags/task-flags.ts'
import { writePrivately } from '../process/write-privately.ts'
import { withTemporaryFolder } from '../process/temporary-folder.ts'

export interface SessionOptions {
  readonly flags: FrameworkFlags
  readonly libraries: readonly LibraryInput[]
  readonly tasks: readonly TaskRequest[]
  readonly report: RunReport
  /** Rejects with what ends the session, such as an error of the module that the tasks are of. */
  readonly failed?: Promise<never>
  /** Called when the tasks are over, while the sandboxes of a local cluster are still there. */
  readonly onTasksOver?: (master: Master, framework: Framework) => Promise<void>
}

/**
 * Runs the tasks, on a cluster of its own with `--master local`, and resolves with the exit status
 * once everything has ended. A signal stops the framework first. Rejects with what kept the
 * framework from starting, or ended it.
 */
export async function runSession(options: SessionOptions): Promise<number> {
  process.once('exit', tellEarlyEnd)
  try {
    return await withTemporaryFolder(() => runToEnd(options))
  } finally {
    process.off('exit', tellEarlyEnd)
  }
}

/** A task module may end the process, which would then report success. */
function tellEarlyEnd(status: number): void {
  if (status !== exitStatuses.ok) return
  process.exitCode = exitStatuses.failed
  writeSync(2, 'jarcast: the module of tasks ended the process before its tasks were over\n')
}

async function runToEnd(options: SessionOptions): Promise<number> {
  const { flags, report } = options
  let stoppedBy: StopSignal | undefined
  let framework: Framework | undefined
  const stop = async (): Promise<void> => await framework?.stop({ detach: flags.detach === true })
  const ignoreSignals = onStopSignal((signal) => {
    stoppedBy = signal
    // What comes of it is seen where the session waits for the tasks.
    stop().catch(() => undefined)
  })
  try {
    refuseTasksWithoutLibraries(options)
    checkTasks(
      options.tasks.map((task) => withTaskDefaults(task, flags)),
      toFrameworkOptions(flags, flags.master, options.libraries),
    )
    const master = await openMaster(flags)
    try {
      if (stoppedBy !== undefined) return exitStatusOfSignal(stoppedBy)
      const { credentials, url } = master
      framework = createFramework({
        ...toFrameworkOptions(flags, url, options.libraries),
        ...(credentials === undefined ? {} : { credentials }),
      })
      report.watch(framework, describeMaster(master.url))
      if (flags.verbose === true)
        framework.on('library.packed', (packed) => report.note(packedFiles(packed)))
      showExecutorFailures(framework, master, report)
      showPage(framework, flags, report)
      const { failed } = options
      const running = runTasks(framework, options)
      const status = await (failed === undefined ? running : Promise.race([running, failed]))
      await options.onTasksOver?.(master, framework)
      await stop()
      if (report.failure !== undefined) throw report.failure
      return stoppedBy === undefined ? status : exitStatusOfSignal(stoppedBy)
    } catch (error) {
      if (stoppedBy !== undefined) return exitStatusOfSignal(stoppedBy)
      // What the others failed with says less than what all of them failed for.
      const cause = report.failure ?? error
      throw report.log.totals().launched > 0 ? asLate(cause) : cause
    } finally {
      await stop()
      await master.close()
    }
  } finally {
    report.close()
    ignoreSignals()
  }
}

/**
 * Tasks that fail are the report's to show; anything else that keeps them from running is the
 * caller's.
 */
async function runTasks(
  framework: Framework,
  { flags, tasks, report }: SessionOptions,
): Promise<number> {
  await framework.start()
  const all = tasks.map((task) => withTaskDefaults(task, flags))
  const groups = new Set(all.flatMap(({ group }) => group ?? []))
  const membersOf = (id: string) => all.filter(({ group }) => group === id)
  const outcomes = await Promise.allSettled([
    ...all.filter(({ group }) => group === undefined).map((task) => framework.run(task)),
    ...[...groups].map((id) => framework.runGroup(membersOf(id), { id })),
  ])
  const failures = outcomes.flatMap((outcome) => {
    return outcome.status === 'rejected' ? [outcome.reason as unknown] : []
  })
  const shown = new Set<unknown>(report.log.rows().map(({ end }) => end?.error))
  const unshown = failures.find((failure) => !shown.has(failure))
  if (unshown !== undefined) throw unshown
  return failures.length === 0 ? exitStatuses.ok : exitStatuses.failed
}

/**
 * The link gives access to everybody who has it: it is shown on a terminal or written to a private
 * file, and never logged.
 */
function showPage(
  framework: Framework,
  { pageLink }: FrameworkFlags,
  { terminal, note }: RunReport,
): void {
  // Fails before the start if it cannot be written.
  if (pageLink !== undefined) writePrivately(pageLink, '')
  framework.on('jarServer.started', () => {
    const uri = framework.jarServer?.pageUri
    if (uri === undefined) return
    if (terminal.isInteractive) note(`status page: ${uri}`)
    const authority = framework.jarServer?.authority ?? ''
    if (pageLink !== undefined) writePrivately(pageLink, `${uri}\n${authority}`)
  })
}

/** The executor's log ends with its sandbox, and only it has the reason of a failed start. */
function showExecutorFailures(framework: Framework, { cluster }: Master, report: RunReport): void {
  const told = new Map<string, string>()
  framework.on('executor.failed', ({ agentId, executorId, status }) => {
    const { frameworkId } = framework
    if (cluster === undefined || frameworkId === undefined || status === 0) return
    if (agentId === undefined || executorId === undefined) return
    const sandbox = findSandbox(cluster, { agentId, frameworkId, executorId })
    const tail = sandbox === undefined ? '' : readOutputTail(sandbox, 'stderr')
    // Another attempt mostly ends for the same reason, below other lines of the fetcher.
    const reason = tail.trimEnd().split('\n').at(-1) ?? ''
    if (told.get(executorId) === reason) return
    told.set(executorId, reason)
    if (tail !== '') report.note(`it wrote last:\n${tail.replaceAll(/^/gm, '    ')}`)
  })
}

/** The framework would refuse them as well, but only one by one while others run already. */
function refuseTasksWithoutLibraries({ libraries, tasks }: SessionOptions): void {
  const refused = tasks.find(({ work }) => libraries.length === 0 && work.kind !== 'shell')
  if (refused === undefined) return
  const { work } = refused
  const why =
    work.kind === 'js'
      ? `there is no file ${work.module} here, and no package is shipped that may have it; check the path, or give --lib PATH`
      : `${work.kind} tasks need a library; give --jar PATH or --lib PATH`
  const message = `task ${refused.id}: ${why}`
  throw new JarcastError('TASK_INVALID', message, { details: { taskId: refused.id } })
}
