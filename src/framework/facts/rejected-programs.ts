/** Programs that executors refused to run. */
import { uncheckedExitStatus } from '../../domain/tasks/check-command.ts'
import type { FetchedFile } from '../../domain/tasks/check-command.ts'
import type { SchedulerFact } from '../../machines/scheduler/events.ts'
import type { TaskStatus } from '../../mesos/types.generated.ts'

/** The program whose SHA-256 was wrong, or `unchecked` if none could be computed. */
export type RejectedProgram = FetchedFile | 'unchecked'

export interface RejectedPrograms {
  note(fact: Extract<SchedulerFact, { readonly type: 'executor.failed' }>): void
  /** The program that the executor of this task refused. */
  of(status: TaskStatus | undefined): RejectedProgram | undefined
}

/** Executors to remember; the ones that failed first are forgotten. */
const maxExecutors = 100

/**
 * Mesos reports how an executor ended before it reports its tasks; for these it reports only that
 * the executor ended.
 */
export function createRejectedPrograms(): RejectedPrograms {
  const programs = new Map<string, RejectedProgram>()
  return {
    note({ agentId, executorId, status, rejected }) {
      const key = `${agentId?.value} ${executorId?.value}`
      programs.delete(key)
      if (rejected !== undefined) programs.set(key, rejected)
      else if (status === uncheckedExitStatus << 8) programs.set(key, 'unchecked')
      for (const oldest of [...programs.keys()].slice(0, -maxExecutors)) programs.delete(oldest)
    },
    of: (status) =>
      status?.reason === 'REASON_EXECUTOR_TERMINATED'
        ? programs.get(`${status.agentId?.value} ${status.executorId?.value}`)
        : undefined,
  }
}
