/** The output of a framework's tasks, while it runs. */
import { defined } from '../../defined.ts'
import { configInvalid } from '../../errors.ts'
import type { Framework } from '../framework.ts'
import { findWatchable } from '../inspection/watchable.ts'
import { followTask } from '../sandbox/follow-task.ts'
import type { FollowTaskOptions, TaskWhereabouts } from '../sandbox/follow-task.ts'
import { createTaskFiles } from '../sandbox/task-files.ts'
import type { OutputFile } from '../sandbox/task-files.ts'
import { placeOfEnd, placeOfTask } from '../sandbox/task-place.ts'
import type { TaskPlace } from '../sandbox/task-place.ts'
import { followOutputs } from './follow-outputs.ts'
import type { FollowedOutputs, FollowOutputsOptions } from './follow-outputs.ts'

export interface FrameworkOutput {
  /**
   * The output of a task from its first byte on, through all its attempts, until the task has ended
   * and all was read. It is read from the agent as it is taken, at most 256 KiB ahead. Throws
   * AGENT_UNREACHABLE, NOT_PERMITTED, CREDENTIALS_REJECTED.
   */
  follow(
    taskId: string,
    file: OutputFile,
    options?: Pick<FollowTaskOptions, 'onAttempt' | 'onRetry' | 'signal'>,
  ): AsyncIterable<Uint8Array>
  /**
   * The output of all tasks that are launched or run from now on, through all their attempts, each
   * file from its first byte. However many tasks there are, 16 parts of 64 KiB are read at a time;
   * with more tasks, files that do not grow are looked at less often.
   */
  followAll(options: FollowOutputsOptions): FollowedOutputs
  /** Closes the connections to agents. */
  close(): void
}

/** Call it before the framework runs the tasks. Throws CONFIG_INVALID for another object. */
export function openFrameworkOutput(framework: Framework): FrameworkOutput {
  const watchable = findWatchable(framework)
  if (watchable === undefined) throw configInvalid('framework', 'it is none of createFramework')
  const { credentials, tls } = watchable
  let masterUrl: (() => string | undefined) | undefined
  const forget = watchable.onRun((run) => ({ masterUrl } = run))
  const files = createTaskFiles({ masterUrl: () => masterUrl?.(), credentials, tls })

  return {
    async *follow(taskId, file, options = {}) {
      const task = watchTask(framework, taskId)
      try {
        const find = () => Promise.resolve(task.now())
        yield* followTask({ ...options, find, files, file, offset: 0, isFollowing: true })
      } finally {
        task.close()
      }
    },
    followAll: (options) => followOutputs(framework, files, options),
    close() {
      forget()
      files.close()
    },
  }
}

interface WatchedTask {
  now(): TaskWhereabouts
  close(): void
}

/** Remembers where a task ran: a framework without a journal forgets it at its end. */
function watchTask(framework: Framework, taskId: string): WatchedTask {
  let last: TaskPlace | undefined
  let isOver = false
  const facts = framework.fact$.subscribe({
    next(fact) {
      if (!('taskId' in fact) || fact.taskId !== taskId) return
      if (fact.type !== 'task.ended') return look()
      isOver = true
      last = placeOfEnd(framework.frameworkId ?? '', fact) ?? last
    },
    complete: () => (isOver = true),
  })

  function look(): void {
    last = (framework.snapshot && placeOfTask(framework.snapshot, taskId)) ?? last
    isOver ||= last?.isOver === true
  }

  return {
    now() {
      look()
      const place = last && { ...last, isOver: isOver || last.isOver }
      return { isOver, ...defined({ place }) }
    },
    close: () => facts.unsubscribe(),
  }
}
