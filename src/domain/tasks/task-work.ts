/** Work of a task, and its checks. */
import { isRecord } from '../json.ts'
import type { Json } from '../json.ts'
import { findUnknownField } from '../unknown-field.ts'
import { jvmIsolations } from './jvm-isolation.ts'
import type { JvmIsolation } from './jvm-isolation.ts'

/** The work of a task, by the kind of its task host. */
export type TaskWork = LoadClassWork | JavaWork | JsWork | ShellWork

/** How work in Java uses its JVM. */
interface JvmWork {
  /** Default `process`. */
  readonly isolation?: JvmIsolation
  /** Prefixes of class names that `child-first` loads from the parent, beside those of the JVM. */
  readonly parentFirst?: readonly string[]
}

/** Loads a class from the jars of the set; the result is `successfully loaded <class>`. */
export interface LoadClassWork extends JvmWork {
  readonly kind: 'load-class'
  readonly className: string
}

/** Runs a main class with the jars of the set on its class path; the result is its stdout. */
export interface JavaWork extends JvmWork {
  readonly kind: 'java'
  readonly mainClass: string
  readonly args?: readonly string[]
  /** Standard input of the program. Default: empty. */
  readonly stdin?: string
}

export type NodeIsolation = 'process' | 'shared'

const nodeIsolations: readonly string[] = ['process', 'shared']

/** Calls an exported function of a library; the result is its return value, awaited. */
export interface JsWork {
  readonly kind: 'js'
  /**
   * Name of a library of kind `file`, a path in one of kind `archive` (`NAME/path`), or any
   * specifier that the set's npm packages resolve.
   */
  readonly module: string
  readonly export: string
  readonly args?: readonly Json[]
  /**
   * `process` (default): a Node.js for this task alone. `shared`: a warm one, which is kept for
   * tasks of the same library set and has one task at a time; modules stay loaded.
   */
  readonly isolation?: NodeIsolation
}

/** Runs `/bin/sh -c command` with `JARCAST_CLASSPATH` set; its only result is its exit status. */
export interface ShellWork {
  readonly kind: 'shell'
  /** A program if there are `args`, else a shell command. */
  readonly command: string
  /** Arguments after the program's name. With them, no shell is used. */
  readonly args?: readonly string[]
}

interface Shape {
  /** Fields that must be strings. */
  readonly texts: readonly string[]
  /** Optional fields. */
  readonly others: readonly string[]
}

const shapes: Readonly<Record<TaskWork['kind'], Shape>> = {
  'load-class': { texts: ['className'], others: ['isolation', 'parentFirst'] },
  java: { texts: ['mainClass'], others: ['args', 'stdin', 'isolation', 'parentFirst'] },
  js: { texts: ['module', 'export'], others: ['args', 'isolation'] },
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

export function isTaskWork(value: unknown): value is TaskWork {
  return findShapeFault(value) === undefined
}

/** Returns what the work lacks; ignores extra fields. */
export function findShapeFault(work: unknown): string | undefined {
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
export function findJvmFault(work: TaskWork): string | undefined {
  // java would read such a name as an option or an options file, and exit without running a class.
  if (work.kind === 'java' && /^([-@]|$)/.test(work.mainClass)) {
    return `its mainClass ${JSON.stringify(work.mainClass)} is not a class name`
  }
  if (work.kind === 'js' && !nodeIsolations.includes(work.isolation ?? 'process'))
    return `its isolation ${JSON.stringify(work.isolation)} is none of ${nodeIsolations.join(', ')}`
  if (work.kind !== 'java' && work.kind !== 'load-class') return undefined
  const { isolation = 'process', parentFirst } = work
  if (!jvmIsolations.includes(isolation))
    return `its isolation ${JSON.stringify(isolation)} is none of ${jvmIsolations.join(', ')}`
  if (parentFirst === undefined) return undefined
  if (!isOptionalStrings(parentFirst)) return 'its parentFirst is not a list of class name prefixes'
  return isolation === 'child-first' ? undefined : 'its parentFirst needs isolation child-first'
}

function isOptionalStrings(value: unknown): boolean {
  return (
    value === undefined || (Array.isArray(value) && value.every((item) => typeof item === 'string'))
  )
}
