/**
 * What the scheduler asks of an executor and what the executor reports back: the JSON inside
 * `TaskInfo.data`, `TaskStatus.data` and `Event.Message.data` (mesos.proto, scheduler.proto).
 */
import { JarcastError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import { isLibraryAccess } from './libraries/library-access.ts'
import type { LibraryAccess } from './libraries/library-access.ts'
import { isRecord, parseJson } from './json.ts'
import { jvmIsolations } from './tasks/jvm-isolation.ts'
import type { JvmIsolation } from './tasks/jvm-isolation.ts'
import type { Json } from './json.ts'
import { findUnknownField } from './unknown-field.ts'

/** One unit of work, by the task host that runs it. */
export type TaskWork = LoadClassWork | JavaWork | JsWork | ShellWork

/** What work in Java may say of its JVM. */
interface JvmWork {
  /** Default `process`. */
  readonly isolation?: JvmIsolation
  /** With `child-first`: names of classes that begin so are the parent's, beside those of the JVM itself. */
  readonly parentFirst?: readonly string[]
}

/** Loads a class under a class loader made from the set's jars; prints `successfully loaded <class>`. */
export interface LoadClassWork extends JvmWork {
  readonly kind: 'load-class'
  readonly className: string
}

/** Runs a main class with the set's jars on its class path; the result is what it wrote to stdout. */
export interface JavaWork extends JvmWork {
  readonly kind: 'java'
  readonly mainClass: string
  readonly args?: readonly string[]
  /** Given to the program's standard input; absent means an empty input. */
  readonly stdin?: string
}

/** Calls an exported function of a shipped module; the result is what it returns or resolves to. */
export interface JsWork {
  readonly kind: 'js'
  /** Name of a library of kind `file`, or any specifier that the set's npm packages resolve. */
  readonly module: string
  readonly export: string
  readonly args?: readonly Json[]
}

/** Runs `/bin/sh -c command` with `JARCAST_CLASSPATH` set; no result beside its exit status. */
export interface ShellWork {
  readonly kind: 'shell'
  /** With `args` a program, else what a shell reads. */
  readonly command: string
  /** Makes it run without a shell, with these arguments after its own name. */
  readonly args?: readonly string[]
}

/** `TaskInfo.data`. */
export interface TaskPayload {
  readonly version: 1
  readonly work: TaskWork
  readonly librarySet?: LibrarySetReference
  /** A larger result fails the task with `RESULT_TOO_LARGE`. */
  readonly maxResultBytes: number
  /** Variables of this task alone. */
  readonly environment?: Readonly<Record<string, string>>
}

/** Where the manifest of a set is, and the hash it must have. */
export interface LibrarySetReference {
  readonly id: string
  readonly manifestUri: string
  /** A secret, added when the task is sent to Mesos; absent if the jar server is open. */
  readonly access?: LibraryAccess
}

/** `TaskStatus.data` of a terminal update. */
export interface TaskReport {
  readonly version: 1
  readonly result?: Json
  /** Why the task failed, for programs; people read `TaskStatus.message`. */
  readonly code?: ErrorCode
  readonly exitStatus?: number
  readonly signal?: string
  /** End of what the task wrote to stdout and stderr; at most 4 KiB. */
  readonly logTail?: string
}

/** `Message.data`, executor to scheduler. Best effort: the scheduler only shows and counts them. */
export type ExecutorMessage =
  | {
      readonly type: 'library.fetching'
      readonly name: string
      readonly sha256: string
      readonly receivedBytes: number
      readonly sizeBytes: number
      /** Its place in the queue of the jar server, while it waits. */
      readonly place?: number
    }
  | {
      readonly type: 'library.fetched'
      readonly name: string
      readonly sha256: string
      readonly sizeBytes: number
      readonly source: 'server' | 'peers' | 'cache'
      /** What of it had to travel; older executors do not say. */
      readonly receivedBytes?: number
      readonly durationMs: number
      /** Of the agent; older executors do not say. */
      readonly hostname?: string
    }
  | {
      readonly type: 'library.corrupted'
      readonly name: string
      readonly expected: string
      readonly actual: string
      readonly uri: string
    }

/** Default bound of a task's result: it travels in a status update, through the agent and the master. */
export const defaultMaxResultBytes = 1024 * 1024

/** Reads `TaskInfo.data`. Throws `TASK_INVALID` naming what is wrong with it. */
export function parseTaskPayload(text: string): TaskPayload {
  const value = parseJson(text)
  if (!isRecord(value) || value['version'] !== 1)
    throw invalid('its data is not a version 1 payload')
  const { work, librarySet, maxResultBytes, environment } = value
  if (!isTaskWork(work)) throw invalid(findShapeFault(work) ?? 'its work is incomplete')
  const fault = findJvmFault(work)
  if (fault !== undefined) throw invalid(fault)
  if (librarySet !== undefined && !isLibrarySetReference(librarySet)) {
    throw invalid('its library set lacks id or manifestUri')
  }
  if (environment !== undefined && !isEnvironment(environment)) {
    throw invalid('its environment holds something that is no text')
  }
  return {
    version: 1,
    work,
    ...(librarySet === undefined ? {} : { librarySet }),
    maxResultBytes:
      typeof maxResultBytes === 'number' && maxResultBytes > 0
        ? maxResultBytes
        : defaultMaxResultBytes,
    ...(environment === undefined ? {} : { environment }),
  }
}

interface Shape {
  /** Fields that must be texts. */
  readonly texts: readonly string[]
  /** Fields that may be there. */
  readonly others: readonly string[]
}

const shapes: Readonly<Record<TaskWork['kind'], Shape>> = {
  'load-class': { texts: ['className'], others: ['isolation', 'parentFirst'] },
  java: { texts: ['mainClass'], others: ['args', 'stdin', 'isolation', 'parentFirst'] },
  js: { texts: ['module', 'export'], others: ['args'] },
  shell: { texts: ['command'], others: ['args'] },
}

/** Returns why the work cannot run, with the field; undefined if it can. */
export function findWorkFault(work: unknown): string | undefined {
  const fault = findShapeFault(work)
  if (fault !== undefined) return fault
  const { texts, others } = shapes[(work as TaskWork).kind]
  const unknown = findUnknownField(work as TaskWork, ['kind', ...texts, ...others], 'work.')
  return unknown ?? findJvmFault(work as TaskWork)
}

function isTaskWork(value: unknown): value is TaskWork {
  return findShapeFault(value) === undefined
}

/** Returns what a unit of work lacks; ignores extra fields. */
function findShapeFault(work: unknown): string | undefined {
  const kinds = Object.keys(shapes)
  if (!isRecord(work)) return 'its work must be an object such as { kind: "shell", command: "…" }'
  const { kind, args, stdin } = work
  if (typeof kind !== 'string' || !kinds.includes(kind))
    return `the kind of its work is none of ${kinds.join(', ')}`
  const missing = shapes[kind as TaskWork['kind']].texts.find(
    (name) => typeof work[name] !== 'string',
  )
  if (missing !== undefined) return `work.${missing} must be a text`
  if (kind === 'js')
    return args === undefined || Array.isArray(args) ? undefined : 'work.args must be a list'
  if (kind === 'java' && stdin !== undefined && typeof stdin !== 'string')
    return 'work.stdin must be a text'
  return isOptionalStrings(args) ? undefined : 'work.args must be a list of texts'
}

/** Returns why complete work in Java cannot run. */
function findJvmFault(work: TaskWork): string | undefined {
  // java would take it for an option or a file of options, and end without having run a class.
  if (work.kind === 'java' && /^([-@]|$)/.test(work.mainClass)) {
    return `its mainClass ${JSON.stringify(work.mainClass)} is no name of a class`
  }
  if (work.kind !== 'java' && work.kind !== 'load-class') return undefined
  const { isolation = 'process', parentFirst } = work
  if (!jvmIsolations.includes(isolation))
    return `its isolation ${JSON.stringify(isolation)} is none of ${jvmIsolations.join(', ')}`
  if (parentFirst === undefined) return undefined
  if (!isOptionalStrings(parentFirst)) return 'its parentFirst is no list of class name prefixes'
  return isolation === 'child-first' ? undefined : 'its parentFirst needs isolation child-first'
}

/**
 * Reads `TaskStatus.data`; undefined if it is not a report of jarcast's executor (command tasks
 * have none). The sender is not trusted: a field of a wrong type is left out.
 */
export function parseTaskReport(text: string): TaskReport | undefined {
  const value = parseJson(text)
  if (!isRecord(value) || value['version'] !== 1) return undefined
  const { result, code, exitStatus, signal, logTail } = value
  return {
    version: 1,
    ...(result === undefined ? {} : { result: result as Json }),
    ...(isText(code) && { code: code as ErrorCode }),
    ...(isCount(exitStatus) && { exitStatus }),
    ...(isText(signal) && { signal }),
    ...(isText(logTail) && { logTail }),
  }
}

/**
 * Reads `Message.data`; undefined unless it is a complete and valid message of jarcast's executor.
 */
export function parseExecutorMessage(text: string): ExecutorMessage | undefined {
  const value = parseJson(text)
  return isRecord(value) && isExecutorMessage(value)
    ? (value as unknown as ExecutorMessage)
    : undefined
}

function isExecutorMessage(value: Readonly<Record<string, unknown>>): boolean {
  const { type, name, sha256, sizeBytes, receivedBytes, source, durationMs, hostname } = value
  if (!isText(name)) return false
  if (type === 'library.corrupted')
    return isText(value['expected']) && isText(value['actual']) && isText(value['uri'])
  if (!isText(sha256) || !isCount(sizeBytes)) return false
  if (type === 'library.fetching') return isCount(receivedBytes)
  return (
    type === 'library.fetched' &&
    isCount(durationMs) &&
    (source === 'server' || source === 'peers' || source === 'cache') &&
    (receivedBytes === undefined || isCount(receivedBytes)) &&
    (hostname === undefined || isText(hostname))
  )
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isLibrarySetReference(value: unknown): value is LibrarySetReference {
  return (
    isRecord(value) &&
    typeof value['id'] === 'string' &&
    typeof value['manifestUri'] === 'string' &&
    (value['access'] === undefined || isLibraryAccess(value['access']))
  )
}

/** True for variables of a process: names without `=`, and neither names nor values that a system call would cut off. */
export function isEnvironment(value: unknown): value is Readonly<Record<string, string>> {
  return (
    isRecord(value) &&
    Object.entries(value).every(
      ([name, text]) =>
        name !== '' && !/[=\0]/.test(name) && typeof text === 'string' && !text.includes('\0'),
    )
  )
}

function isOptionalStrings(value: unknown): boolean {
  return (
    value === undefined || (Array.isArray(value) && value.every((item) => typeof item === 'string'))
  )
}

function invalid(why: string): JarcastError {
  return new JarcastError('TASK_INVALID', `the task cannot run: ${why}`)
}
