/** The task that a scheduler sends to an executor: the JSON in `TaskInfo.data` (mesos.proto). */
import { defined } from '../../defined.ts'
import { JarcastError } from '../../errors.ts'
import { isRecord, parseJson } from '../json.ts'
import { isLibraryAccess } from '../libraries/library-access.ts'
import type { LibraryAccess } from '../libraries/library-access.ts'
import { findJvmFault, findShapeFault, isTaskWork } from './task-work.ts'
import type { TaskWork } from './task-work.ts'

/** `TaskInfo.data`. */
export interface TaskPayload {
  readonly version: 1
  readonly work: TaskWork
  readonly librarySet?: LibrarySetReference
  /** A larger result fails the task with `RESULT_TOO_LARGE`. */
  readonly maxResultBytes: number
  /** Environment variables of this task. */
  readonly environment?: Readonly<Record<string, string>>
}

/** URI of the manifest of a library set, and its hash as id. */
export interface LibrarySetReference {
  readonly id: string
  readonly manifestUri: string
  /** A secret, added when the task is sent to Mesos; absent if the jar server is open. */
  readonly access?: LibraryAccess
}

/** Default maximum of a result: it travels in a status update through agent and master. */
export const defaultMaxResultBytes = 1024 * 1024

/** Reads `TaskInfo.data`. Throws `TASK_INVALID` naming what is wrong with it. */
export function parseTaskPayload(text: string): TaskPayload {
  const value = parseJson(text)
  if (!isRecord(value) || value['version'] !== 1)
    throw invalidTask('its data is not a version 1 payload')
  const { work, librarySet, maxResultBytes, environment } = value
  if (!isTaskWork(work)) throw invalidTask(findShapeFault(work) ?? 'its work is incomplete')
  const fault = findJvmFault(work)
  if (fault !== undefined) throw invalidTask(fault)
  if (librarySet !== undefined && !isLibrarySetReference(librarySet)) {
    throw invalidTask('its library set lacks id or manifestUri')
  }
  if (environment !== undefined && !isEnvironment(environment)) {
    throw invalidTask('its environment has values that are not strings')
  }
  const isBounded = typeof maxResultBytes === 'number' && maxResultBytes > 0
  return {
    version: 1,
    work,
    maxResultBytes: isBounded ? maxResultBytes : defaultMaxResultBytes,
    ...defined({ librarySet, environment }),
  }
}

function isLibrarySetReference(value: unknown): value is LibrarySetReference {
  return (
    isRecord(value) &&
    typeof value['id'] === 'string' &&
    typeof value['manifestUri'] === 'string' &&
    (value['access'] === undefined || isLibraryAccess(value['access']))
  )
}

/** True for variables of a process: names without `=`, no NUL characters. */
export function isEnvironment(value: unknown): value is Readonly<Record<string, string>> {
  return (
    isRecord(value) &&
    Object.entries(value).every(
      ([name, text]) =>
        name !== '' && !/[=\0]/.test(name) && typeof text === 'string' && !text.includes('\0'),
    )
  )
}

function invalidTask(why: string): JarcastError {
  return new JarcastError('TASK_INVALID', `the task cannot run: ${why}`)
}
