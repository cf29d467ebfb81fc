/** Why executors did not start: a program that was refused, or no Node.js. */
import {
  requestedPlatform,
  runtimeMissingExitStatus,
  runtimeUnusableExitStatus,
} from '../../domain/runtimes/platforms.ts'
import type { Platform } from '../../domain/runtimes/platforms.ts'
import { uncheckedExitStatus } from '../../domain/tasks/check-command.ts'
import type { FetchedFile } from '../../domain/tasks/check-command.ts'
import type { SchedulerFact } from '../../machines/scheduler/events.ts'
import type { TaskStatus } from '../../mesos/types.generated.ts'

/**
 * The program whose SHA-256 was wrong; `unchecked` if none could be computed; why there is no
 * Node.js.
 */
export type RejectedProgram = FetchedFile | 'unchecked' | LackingRuntime

export interface LackingRuntime {
  readonly runtime: 'missing' | 'unusable' | 'unavailable'
  /** Why none can be shipped, where `unavailable`. */
  readonly why?: string
  /** That of the agent, where `missing`; absent if it is none of those that jarcast knows. */
  readonly platform?: Platform
}

export interface RejectedPrograms {
  note(fact: SchedulerFact): void
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
  const unavailable = new Map<Platform, string>()

  function whyOf({ status, rejected, lacks }: ExecutorFailed): RejectedProgram | undefined {
    if (rejected !== undefined) return rejected
    if (lacks !== undefined)
      return { runtime: 'unavailable', why: unavailable.get(lacks) ?? 'the reason is not known' }
    if (status === undefined) return undefined
    const platform = (status & 0x7f) === 0 ? requestedPlatform(status >> 8) : undefined
    return platform === undefined ? byStatus[status >> 8] : { runtime: 'missing', platform }
  }

  return {
    note(fact) {
      if (fact.type === 'runtime.unavailable') unavailable.set(fact.platform, fact.message)
      if (fact.type !== 'executor.failed') return
      const key = `${fact.agentId?.value} ${fact.executorId?.value}`
      programs.delete(key)
      const why = whyOf(fact)
      if (why !== undefined) programs.set(key, why)
      for (const oldest of [...programs.keys()].slice(0, -maxExecutors)) programs.delete(oldest)
    },
    of: (status) =>
      status?.reason === 'REASON_EXECUTOR_TERMINATED'
        ? programs.get(`${status.agentId?.value} ${status.executorId?.value}`)
        : undefined,
  }
}

type ExecutorFailed = Extract<SchedulerFact, { readonly type: 'executor.failed' }>

const byStatus: Readonly<Record<number, RejectedProgram>> = {
  [uncheckedExitStatus]: 'unchecked',
  [runtimeMissingExitStatus]: { runtime: 'missing' },
  [runtimeUnusableExitStatus]: { runtime: 'unusable' },
}
