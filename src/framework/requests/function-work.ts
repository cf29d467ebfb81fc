/** Work that is given as a function. */
import { isRecord } from '../../domain/json.ts'
import type { Json } from '../../domain/json.ts'
import type { NodeIsolation } from '../../domain/tasks/task-work.ts'
import type { AnyFunction, FunctionPlace } from '../../tracing/locate-function.ts'
import type { TaskOptions } from './task-options.ts'

/**
 * Calls a function on an agent; the result is its return value, awaited. Its module must export it.
 * The module travels with the files and packages that it imports, and is loaded anew for each task
 * that is not `shared`: values of its variables here do not travel.
 */
export interface FunctionWork {
  readonly kind: 'js'
  readonly fn: AnyFunction
  readonly args?: readonly Json[]
  /** As of other work of kind `js`. */
  readonly isolation?: NodeIsolation
}

export type FunctionTask = Omit<TaskOptions, 'work'> & { readonly work: FunctionWork }

/** A task whose work is as of a request, or a function. */
export type FunctionTaskOptions = TaskOptions | FunctionTask

type Ship = (fn: AnyFunction) => Promise<FunctionPlace>

/** Ships the function of the task, and names its module. Errors: of `ship`. */
export async function inModule(
  { work: { fn, ...work }, ...task }: FunctionTask,
  ship: Ship,
): Promise<TaskOptions> {
  return { ...task, work: { ...work, ...(await ship(fn)) } }
}

/** Ships the functions among the tasks. Errors: of `ship`. */
export async function allInModules(
  tasks: readonly FunctionTaskOptions[],
  ship: Ship,
): Promise<readonly TaskOptions[]> {
  return await Promise.all(
    tasks.map(async (task) => (isFunctionTask(task) ? await inModule(task, ship) : task)),
  )
}

export function arePlain(tasks: readonly FunctionTaskOptions[]): tasks is readonly TaskOptions[] {
  return !tasks.some(isFunctionTask)
}

/** JavaScript callers may leave out any field. */
export function isFunctionTask(task: FunctionTaskOptions): task is FunctionTask {
  const work: unknown = isRecord(task) ? task.work : undefined
  return isRecord(work) && work['kind'] === 'js' && typeof work['fn'] === 'function'
}
