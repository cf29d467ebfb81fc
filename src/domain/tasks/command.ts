/** A task as a plain command, which Mesos runs by itself. Source: mesos.proto, `CommandInfo`. */
import { defined } from '../../defined.ts'
import type { CommandInfo, EnvironmentVariable } from '../../mesos/types.generated.ts'
import { secretVariables } from './container/task-secrets.ts'
import { checkFiles } from './check-command.ts'
import type { FetchedLibraries } from './executors.ts'
import { classPathVariable, librariesVariable } from '../class-path/class-path-variables.ts'
import { quoteWord } from '../quote-word.ts'
import { portVariables } from './task-ports.ts'
import type { TaskRequest } from './task-request.ts'
import type { TaskWork } from './task-work.ts'

/** Folder of the sandbox for fetched libraries, apart from the names that Mesos itself uses. */
export const fetchedFolder = 'libraries'

/**
 * URIs of libraries come first: a URI of the task may replace one. Variables of the task override
 * those of the command that it passes.
 */
export function commandOf(
  { work, environment = {}, secrets = {}, mesos: { command = {} } = {} }: TaskRequest,
  ports: readonly number[],
  fetched: FetchedLibraries | undefined,
): CommandInfo {
  const uris = [...(fetched?.uris ?? []), ...(command.uris ?? [])]
  const named = { ...libraryVariables(fetched), ...environment, ...portVariables(ports) }
  const variables: readonly EnvironmentVariable[] = [
    ...(command.environment?.variables ?? []).filter(
      ({ name }) => !Object.hasOwn(named, name) && !Object.hasOwn(secrets, name),
    ),
    ...Object.entries(named).map(([name, value]) => ({ name, value })),
    ...secretVariables(secrets),
  ]
  return {
    ...(uris.length === 0 ? {} : { uris }),
    ...(variables.length === 0 ? {} : { environment: { variables } }),
    ...programOf(work, fetched),
    ...defined({ user: command.user }),
  }
}

/** Why this work cannot run as a plain command; undefined if it can. */
export function findCommandFault({ work }: Pick<TaskRequest, 'work'>): string | undefined {
  if (work.kind === 'shell' && work.args !== undefined && work.command === '')
    return `it names no program, so the program of its image would run with unchecked libraries; name the program in command`
  if (work.kind === 'shell') return undefined
  const isPlainJava =
    work.kind === 'java' && work.stdin === undefined && (work.isolation ?? 'process') === 'process'
  if (isPlainJava) return undefined
  const option = work.kind === 'java' && work.stdin !== undefined ? 'standard input' : 'isolation'
  const what = work.kind === 'java' ? `${option} for java` : `work of kind ${work.kind}`
  return `${what} needs jarcast's executor, which delivery "fetcher" does not ship; use delivery "executor"`
}

/**
 * Why a task with fields for its own container or command cannot run in an executor; undefined if
 * it can.
 */
export function findExecutorFault(
  request: Pick<TaskRequest, 'mesos' | 'container' | 'secrets'>,
): string | undefined {
  const { mesos = {} } = request
  const own =
    (['container', 'secrets'] as const).find((name) => request[name] !== undefined) ??
    (['container', 'command'] as const)
      .filter((name) => mesos[name] !== undefined)
      .map((name) => `mesos.${name}`)[0]
  if (own === undefined) return undefined
  return `${own} is for plain commands, and this task runs in an executor; set executor.container, executor.secrets and executor.environment, or delivery to "fetcher" (--delivery)`
}

/** A shell checks the libraries, then runs the command in its place. */
function programOf(
  work: TaskWork,
  fetched: FetchedLibraries | undefined,
): Pick<CommandInfo, 'shell' | 'value' | 'arguments'> {
  const check = fetched === undefined ? '' : checkFiles({ libraries: fetched.files })
  if (work.kind === 'shell') {
    const { command, args } = work
    if (args === undefined) return { shell: true, value: check + command }
    // Without a program, a container runs the one of its image.
    if (command === '') return { shell: false, arguments: args }
    const words = [command, ...args]
    if (check === '') return { shell: false, value: command, arguments: words }
    const value = '/bin/sh'
    return { shell: false, value, arguments: [value, '-c', `${check}exec "$@"`, value, ...words] }
  }
  if (work.kind !== 'java') return {}
  const words = [work.mainClass, ...(work.args ?? [])].map(quoteWord)
  return { shell: true, value: `${check}exec java -cp "$${classPathVariable}" ${words.join(' ')}` }
}

/**
 * The variables that jarcast's executor sets, with paths relative to the sandbox, where every
 * command starts.
 */
export function libraryVariables(
  fetched: FetchedLibraries | undefined,
): Readonly<Record<string, string>> {
  if (fetched === undefined) return {}
  return { [classPathVariable]: fetched.classPath, [librariesVariable]: fetchedFolder }
}
