/** Loads the task module of `jarcast run` and reads its tasks. */
import { dirname, resolve } from 'node:path'
import { isRecord } from '../../domain/json.ts'
import { checkTaskRequest } from '../../domain/tasks/check-task-request.ts'
import type { TaskRequest } from '../../domain/tasks/task-request.ts'
import { JarcastError } from '../../errors.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import { mergeLibraries } from '../flags/library-flags.ts'
import { importModule } from '../process/import-module.ts'
import { describeModuleFault, missingModule } from './module-fault.ts'
import { resolveModule } from '../session/shipped-module.ts'
import { watchLoading } from './watch-loading.ts'

/** Tasks, and the modules that they need on the agents. */
export interface TaskModule {
  readonly tasks: readonly TaskRequest[]
  readonly libraries: readonly LibraryInput[]
}

interface Candidate {
  readonly id: string
  readonly value: unknown
}

/**
 * Loads the module at `path` and reads its tasks, see `tasksOfExports`.
 * Rejects with `CONFIG_INVALID` if it cannot be loaded, never finishes loading, or exports no task;
 * with `TASK_INVALID` for a wrong task. If the module ends the process while it loads, the exit
 * status is that of wrong usage.
 */
export async function loadTaskModule(path: string): Promise<TaskModule> {
  const file = resolve(path)
  const missing = missingModule(file)
  if (missing !== undefined) throw new JarcastError('CONFIG_INVALID', `${path}: ${missing}`)
  try {
    return await watchLoading(path, async () => {
      return await tasksOfExports(file, await importModule(file))
    })
  } catch (cause) {
    if (cause instanceof JarcastError) throw cause
    const why = describeModuleFault(file, cause)
    throw new JarcastError('CONFIG_INVALID', `${path} cannot be loaded: ${why}`, { cause })
  }
}

/**
 * An exported function (no class, no generator) is a task with the name of its export: it is called
 * on an agent. An exported object with `work` is a task request; its default id is the name of its
 * export. `default` is one of these, an array of them, or a function that returns an array. A
 * function that a request names is called by that request only.
 * In `work` of kind `js`, `./other.mjs` is a file beside this module, which is shipped too.
 */
export async function tasksOfExports(
  file: string,
  exports: Readonly<Record<string, unknown>>,
): Promise<TaskModule> {
  const { default: main, ...named } = exports
  const candidates = [...toCandidates(named), ...(await defaultCandidates(file, main, named))]
  const requests = candidates.filter(({ value }) => typeof value !== 'function').map(toRequest)
  const resolved = requests.map((request) => resolveWork(request, file))
  const called = new Set(
    resolved.flatMap(({ task: { work }, library }) => {
      return work.kind === 'js' && library?.path === file ? [work.export] : []
    }),
  )
  const functions = candidates
    .filter(({ id, value }) => typeof value === 'function' && !called.has(id))
    .map(({ id }) => resolveWork(functionTask(id, file), file))
  const all = [...functions, ...resolved]
  if (all.length === 0) throw noTasks(file, named)
  refuseDuplicates(all.map(({ task }) => task.id))
  return {
    tasks: all.map(({ task }) => checkTaskRequest(task)),
    libraries: mergeLibraries(
      [],
      all.flatMap(({ library }) => library ?? []),
    ),
  }
}

/** Exports to ignore: constants, classes, their instances. */
function toCandidates(named: Readonly<Record<string, unknown>>): readonly Candidate[] {
  return Object.entries(named)
    .filter(([, value]) => isCallable(value) || isRequest(value))
    .map(([id, value]) => ({ id, value }))
}

async function defaultCandidates(
  file: string,
  main: unknown,
  named: Readonly<Record<string, unknown>>,
): Promise<readonly Candidate[]> {
  const made: unknown = isCallable(main) ? await callDefault(file, main) : main
  if (made === undefined) return []
  const isNamed = new Map(Object.entries(named).map(([name, value]) => [value, name]))
  return [made].flat().flatMap((value, index) => {
    // An export that `default` repeats is one task.
    if (isNamed.has(value)) return []
    if (isRequest(value)) return [{ id: idOf(value) ?? `task-${index + 1}`, value }]
    const what = isCallable(value)
      ? 'it is a function that is not exported by name'
      : "it is no task; a task is an object such as { work: { kind: 'shell', command: '…' } }"
    const item = Array.isArray(made) ? `, item ${index + 1}` : ''
    throw new JarcastError('TASK_INVALID', `default export${item}: ${what}`)
  })
}

async function callDefault(file: string, main: () => unknown): Promise<unknown> {
  try {
    return await main()
  } catch (cause) {
    const why = describeModuleFault(file, cause)
    throw new JarcastError('CONFIG_INVALID', `the default export of ${file} failed: ${why}`, {
      cause,
    })
  }
}

/**
 * True for functions that a task can call; not for classes, nor for generators, which would do
 * nothing.
 */
function isCallable(value: unknown): value is () => unknown {
  if (typeof value !== 'function') return false
  const isGenerator = /Generator/.test(Object.prototype.toString.call(value))
  return !isGenerator && !/^class\b/.test(Function.prototype.toString.call(value))
}

function isRequest(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && isRecord(value['work'])
}

function idOf({ id, name }: Readonly<Record<string, unknown>>): string | undefined {
  return [id, name].find((text) => typeof text === 'string')
}

/** `checkTaskRequest` checks it later. */
function toRequest({ id, value }: Candidate): TaskRequest {
  return { id, ...(value as object) } as TaskRequest
}

function functionTask(name: string, file: string): TaskRequest {
  return { id: name, work: { kind: 'js', module: file, export: name } }
}

function resolveWork(
  task: TaskRequest,
  file: string,
): { readonly task: TaskRequest; readonly library?: LibraryInput } {
  const { work } = task
  if (work.kind !== 'js' || typeof work.module !== 'string') return { task }
  const { module, library } = resolveModule(work.module, dirname(file))
  const resolved = { ...task, work: { ...work, module } }
  return library === undefined ? { task: resolved } : { task: resolved, library }
}

function refuseDuplicates(ids: readonly string[]): void {
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice === undefined) return
  throw new JarcastError('TASK_INVALID', `two tasks have the id ${twice}; rename one of them`, {
    details: { taskId: twice },
  })
}

function noTasks(file: string, named: Readonly<Record<string, unknown>>): JarcastError {
  const [odd] = Object.entries(named).filter(([, value]) => typeof value === 'function')
  const note = odd === undefined ? '' : ` (${odd[0]} is a class or a generator)`
  return new JarcastError(
    'CONFIG_INVALID',
    `${file} exports no tasks${note}; export functions, or objects with work: { kind: 'shell', command: '…' }`,
  )
}
