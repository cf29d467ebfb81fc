/** Runs of tasks: each is a promise of the result. */
import type { Observable } from 'rxjs'
import type { Json } from '../../domain/json.ts'
import type { TaskRequest } from '../../domain/tasks/task-request.ts'
import type { JarcastError } from '../../errors.ts'
import type { FrameworkFact, TaskEnded } from '../facts/events.ts'
import type { AnyFunction, FunctionPlace } from '../../tracing/locate-function.ts'
import { allInModules, arePlain, inModule, isFunctionTask } from './function-work.ts'
import type { FunctionTaskOptions } from './function-work.ts'
import { alreadyRuns, toGroupRequests, toRequest } from './task-options.ts'
import type { RunSettings, TaskOptions } from './task-options.ts'

export interface TaskRuns {
  /**
   * Runs one task, starts the framework if needed, and resolves with the task's result (undefined
   * for a shell command). Errors: `TASK_INVALID` before it is submitted; the code that the executor
   * reports, or `TASK_FAILED`, with `details`: `taskId`, `state`, `reason`, `message`, `hostname`,
   * `exitStatus`, `logTail`, as far as known; `FRAMEWORK_STOPPED` if the framework stops first.
   */
  run(task: FunctionTaskOptions): Promise<Json | undefined>
  /**
   * Runs tasks on one agent that start together; if one of them does not finish, all end. Resolves
   * with their results, in their order. Rejects with the error of the first that failed.
   * Errors: as of `run`; `TASK_INVALID` for a group that Mesos would refuse. Tasks of a group are
   * not retried one by one, so none may have `retry`.
   */
  runGroup(
    tasks: readonly FunctionTaskOptions[],
    options?: { readonly id?: string },
  ): Promise<readonly (Json | undefined)[]>
}

export interface TaskRunsOptions {
  /** Errors at the end of the run of the framework, with its reason. */
  readonly run$: Observable<FrameworkFact>
  /** With the roles that the master has accepted last. */
  readonly settings: () => RunSettings
  /** Submits the tasks that have not ended; starts the framework if needed. */
  readonly submit: (requests: readonly TaskRequest[]) => Promise<void>
  /** Ships the module of a function. */
  readonly ship: (fn: AnyFunction) => Promise<FunctionPlace>
}

/** The functions of a promise. */
interface OpenRun {
  readonly resolve: (result: Json | undefined) => void
  readonly reject: (error: JarcastError) => void
}

export function createTaskRuns({ run$, settings, submit, ship }: TaskRunsOptions): TaskRuns {
  /** By id of the task. Small: there may be 100,000. */
  const open = new Map<string, OpenRun>()
  let over: JarcastError | undefined
  run$.subscribe({
    next(fact) {
      if (fact.type === 'task.ended') finish(fact.taskId, fact)
    },
    error(reason: JarcastError) {
      over = reason
      for (const id of open.keys()) finish(id, { error: reason })
    },
  })

  function finish(id: string, { error, report }: Pick<TaskEnded, 'error' | 'report'>): void {
    const run = open.get(id)
    open.delete(id)
    if (error === undefined) run?.resolve(report?.result)
    else run?.reject(error)
  }

  function begin(requests: readonly TaskRequest[]): readonly Promise<Json | undefined>[] {
    if (over !== undefined) throw over
    const known = requests.find(({ id }) => open.has(id))
    if (known !== undefined) throw alreadyRuns(known.id)
    const results = requests.map(
      ({ id }) =>
        new Promise<Json | undefined>((resolve, reject) => open.set(id, { resolve, reject })),
    )
    submit(requests).catch((error: JarcastError) => {
      for (const { id } of requests) finish(id, { error })
    })
    return results
  }

  /** Not async: each function that waits would keep 0.5 KB. */
  function runPlain(task: TaskOptions): Promise<Json | undefined> {
    try {
      const [result = Promise.resolve(undefined)] = begin([toRequest(task, settings())])
      return result
    } catch (error) {
      return Promise.reject(error as JarcastError)
    }
  }

  return {
    run: (task) => (isFunctionTask(task) ? inModule(task, ship).then(runPlain) : runPlain(task)),
    async runGroup(tasks, { id } = {}) {
      const own = arePlain(tasks) ? tasks : await allInModules(tasks, ship)
      return await Promise.all(begin(toGroupRequests(own, id, settings())))
    },
  }
}
