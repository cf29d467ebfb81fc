/** Runs of tasks: each follows the stream of its task to the end. */
import { filter, forkJoin, last, map } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Json } from '../../domain/json.ts'
import type { TaskRequest } from '../../domain/tasks/task-request.ts'
import type { FrameworkFact, TaskFact } from '../facts/events.ts'
import { firstResult } from '../../streams/first-result.ts'
import type { AnyFunction, FunctionPlace } from '../../tracing/locate-function.ts'
import { allInModules, arePlain, inModule, isFunctionTask } from './function-work.ts'
import type { FunctionTaskOptions } from './function-work.ts'
import { alreadyRuns, toGroupRequests, toRequest } from './task-options.ts'
import type { RunSettings } from './task-options.ts'

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
  readonly fact$: Observable<FrameworkFact>
  /** Facts from now on; errors with the error of the task. */
  readonly laterTask$: (taskId: string) => Observable<TaskFact>
  /** With the roles that the master has accepted last. */
  readonly settings: () => RunSettings
  /** Submits the tasks that have not ended; starts the framework if needed. */
  readonly submit: (requests: readonly TaskRequest[]) => Promise<void>
  /** Ships the module of a function. */
  readonly ship: (fn: AnyFunction) => Promise<FunctionPlace>
}

export function createTaskRuns({
  fact$,
  laterTask$,
  settings,
  submit,
  ship,
}: TaskRunsOptions): TaskRuns {
  /** Ids of tasks that run. */
  const open = new Set<string>()
  fact$.pipe(filter(({ type }) => type === 'task.ended')).subscribe((fact) => {
    if (fact.type === 'task.ended') open.delete(fact.taskId)
  })

  async function runAll(requests: readonly TaskRequest[]): Promise<readonly (Json | undefined)[]> {
    const known = requests.find(({ id }) => open.has(id))
    if (known !== undefined) throw alreadyRuns(known.id)
    for (const { id } of requests) open.add(id)
    const results$ = forkJoin(requests.map(({ id }) => laterTask$(id).pipe(last(), map(resultOf))))
    return await firstResult(results$, () =>
      submit(requests).catch((error: unknown) => {
        for (const { id } of requests) open.delete(id)
        throw error
      }),
    )
  }

  return {
    async run(task) {
      const own = isFunctionTask(task) ? await inModule(task, ship) : task
      const [result] = await runAll([toRequest(own, settings())])
      return result
    },
    async runGroup(tasks, { id } = {}) {
      const own = arePlain(tasks) ? tasks : await allInModules(tasks, ship)
      return await runAll(toGroupRequests(own, id, settings()))
    },
  }
}

function resultOf(fact: TaskFact): Json | undefined {
  return fact.type === 'task.ended' ? fact.report?.result : undefined
}
