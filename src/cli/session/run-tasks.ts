/** The tasks of a session: checked, submitted, and awaited. */
import type { TaskRequest } from '../../domain/tasks/task-request.ts'
import { JarcastError } from '../../errors.ts'
import type { Framework } from '../../framework/framework.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import { hasPlainTasks } from '../flags/framework-flags.ts'
import type { FrameworkFlags } from '../flags/framework-flags.ts'
import { withTaskDefaults } from '../flags/task-flags.ts'
import { exitStatuses } from '../process/exit-status.ts'
import type { RunReport } from '../report/run-report.ts'

interface SessionTasks {
  readonly flags: FrameworkFlags
  readonly tasks: readonly TaskRequest[]
  readonly libraries: readonly LibraryInput[]
  readonly report: RunReport
}

/** The tasks, with the options as defaults. */
export function tasksToRun({
  flags,
  tasks,
  libraries,
}: Omit<SessionTasks, 'report'>): readonly TaskRequest[] {
  const isPlain = hasPlainTasks(flags, libraries)
  return tasks.map((task) => withTaskDefaults(task, flags, { isPlain }))
}

/**
 * Starts the framework, runs all tasks and groups, and resolves with the exit status. The report
 * shows failed tasks; rejects with any other error that kept tasks from running.
 */
export async function runTasks(framework: Framework, session: SessionTasks): Promise<number> {
  const { report } = session
  await framework.start()
  const all = tasksToRun(session)
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
 * Throws `TASK_INVALID` for a task that needs a library if there is none. The framework would
 * refuse it only while other tasks run already.
 */
export function refuseTasksWithoutLibraries({
  libraries,
  tasks,
}: {
  readonly libraries: readonly LibraryInput[]
  readonly tasks: readonly TaskRequest[]
}): void {
  const refused = tasks.find(({ work }) => libraries.length === 0 && work.kind !== 'shell')
  if (refused === undefined) return
  const { id, work } = refused
  const why =
    work.kind === 'js'
      ? `there is no file ${work.module} here, and no shipped package can have it; check the path, or give --lib PATH`
      : `${work.kind} tasks need a library; give --jar PATH or --lib PATH`
  throw new JarcastError('TASK_INVALID', `task ${id}: ${why}`, { details: { taskId: id } })
}
