/** JVM task hosts: one `java` per task with the jars of its sets, or a warm one for many tasks. */
import { randomUUID } from 'node:crypto'
import { unlink } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { defined } from '../../../defined.ts'
import { librariesVariable } from '../../../domain/class-path/class-path-variables.ts'
import { jvmParentFirst } from '../../../domain/tasks/jvm-isolation.ts'
import type { JavaWork, LoadClassWork } from '../../../domain/tasks/task-work.ts'
import type { InstalledSet } from '../../../domain/libraries/installed-set.ts'
import type { HostCommand } from '../process/host.ts'
import { jvmHostClasses } from './jvm-host.generated.ts'
import { judgeLoad, judgeMain } from './judge.ts'
import { localeOf, locateJava } from './locate-java.ts'
import { ensureFolder } from './own-files.ts'
import { writePathingJar } from './pathing-jar.ts'
import { encodeRun } from './warm/run-frame.ts'
import type { WarmTask } from '../warm/warm-job.ts'
import type { WarmCommand } from '../warm/warm-hosts.ts'

export interface JvmHosts {
  loadClass(work: LoadClassWork, libraries: readonly InstalledSet[]): Promise<HostCommand>
  main(
    work: JavaWork,
    libraries: readonly InstalledSet[],
    maxResultBytes: number,
  ): Promise<HostCommand>
  /** A task for a warm JVM that `command` starts. */
  warm(
    work: LoadClassWork | JavaWork,
    libraries: readonly InstalledSet[],
    maxResultBytes: number,
  ): Promise<{ readonly command: WarmCommand; readonly task: WarmTask }>
}

const hostClasses = Object.fromEntries(
  Object.entries(jvmHostClasses).map(([name, bytes]) => [
    `${name}.class`,
    Buffer.from(bytes, 'base64'),
  ]),
)

/** Java 8 has no modules and ignores `Add-Opens`. */
const hostAttributes = { 'Main-Class': 'JarcastWarmHost', 'Add-Opens': 'java.base/java.lang' }

/** Linux limits an argument to 128 KiB. */
const maxArgumentBytes = 120 * 1024

/**
 * Makes JVM hosts with their own files below `folder`. They use the JRE of a task's libraries, else
 * the one of this host, which is looked for once; the commands reject with `JAVA_MISSING` without
 * one.
 */
export function createJvmHosts(folder: string, env: Readonly<NodeJS.ProcessEnv>): JvmHosts {
  const classes = join(folder, 'classes')
  let java: Promise<string> | undefined
  let preparing: Promise<void> = Promise.resolve()

  async function findJava(libraries: readonly InstalledSet[]): Promise<Java> {
    const home = libraries.find(({ javaHome }) => javaHome !== undefined)?.javaHome
    const file = home === undefined ? await (java ??= locateJava(env)) : join(home, 'bin/java')
    return { file, locale: localeOf(env), folder }
  }

  /** One call at a time. */
  async function prepareClasses(): Promise<string> {
    preparing = preparing.catch(() => undefined).then(() => ensureFolder(classes, hostClasses))
    await preparing
    return classes
  }

  return {
    async loadClass(work, libraries) {
      return loadCommand(await findJava(libraries), await prepareClasses(), work, libraries)
    },
    async main(work, libraries, maxResultBytes) {
      return await mainCommand(await findJava(libraries), work, libraries, maxResultBytes)
    },
    async warm(work, libraries, maxResultBytes) {
      return {
        command: warmCommand(await findJava(libraries), work, libraries),
        task: warmTaskOf(work, libraries, maxResultBytes),
      }
    },
  }
}

interface Java {
  /** Path of the program. */
  readonly file: string
  readonly locale: Readonly<Record<string, string>>
  /** Files of JVM hosts. */
  readonly folder: string
}

function loadCommand(
  { file, locale, folder }: Java,
  classes: string,
  { className }: LoadClassWork,
  libraries: readonly InstalledSet[],
): HostCommand {
  const proof = join(folder, `loaded-${randomUUID()}`)
  return {
    file,
    args: ['-cp', classes, 'JarcastHost'],
    env: locale,
    stdin: [proof, className, ...jarsOf(libraries)].join('\n'),
    collect: 'nothing',
    maxCollectedBytes: 0,
    judge: async (end) => judgeLoad(className, await takeProof(proof), end),
  }
}

async function mainCommand(
  { file, locale, folder }: Java,
  { mainClass, args = [], stdin }: JavaWork,
  libraries: readonly InstalledSet[],
  maxResultBytes: number,
): Promise<HostCommand> {
  const classPath = await joinClassPath(folder, jarsOf(libraries))
  return {
    file,
    args: ['-cp', classPath, mainClass, ...args],
    env: locale,
    ...defined({ stdin }),
    collect: 'stdout',
    maxCollectedBytes: maxResultBytes,
    judge: (end) => judgeMain(mainClass, maxResultBytes, end),
  }
}

/**
 * A `shared` JVM has the jars of its set on the class path; a `child-first` one serves all sets.
 */
function warmCommand(
  { file, locale, folder }: Java,
  { isolation }: LoadClassWork | JavaWork,
  libraries: readonly InstalledSet[],
): WarmCommand {
  const isShared = isolation === 'shared'
  const jars = isShared ? jarsOf(libraries) : []
  const place = { [librariesVariable]: libraries[0]?.folder ?? '' }
  const host = { attributes: hostAttributes, files: hostClasses }
  return {
    noun: 'JVM',
    key: [isolation, file, ...jars].join('\0'),
    prepare: async () => [file, '-jar', await writePathingJar(folder, jars, host)],
    env: { ...locale, ...(isShared ? place : {}) },
  }
}

function warmTaskOf(
  work: LoadClassWork | JavaWork,
  libraries: readonly InstalledSet[],
  maxResultBytes: number,
): WarmTask {
  const { kind, parentFirst = [] } = work
  const className = kind === 'java' ? work.mainClass : work.className
  const isShared = work.isolation === 'shared'
  const run = {
    isolation: isShared ? 'shared' : 'child-first',
    kind,
    className,
    args: (kind === 'java' ? work.args : undefined) ?? [],
    jars: jarsOf(libraries),
    parentFirst: isShared ? [] : [...jvmParentFirst, ...parentFirst],
    stdin: (kind === 'java' ? work.stdin : undefined) ?? '',
  } as const
  return {
    encode: (marker) => encodeRun(run, marker),
    maxReplyBytes: 4096,
    readReply: (reason) => ({ reason }),
    ...defined({ maxCollectedBytes: kind === 'java' ? maxResultBytes : undefined }),
    judge: (end, isOver) =>
      kind === 'java'
        ? judgeMain(className, maxResultBytes, end)
        : judgeLoad(className, isOver, end),
  }
}

/** True if the host class left its proof; removes it. */
async function takeProof(path: string): Promise<boolean> {
  return await unlink(path).then(
    () => true,
    () => false,
  )
}

function jarsOf(libraries: readonly InstalledSet[]): readonly string[] {
  return libraries.flatMap(({ classPath }) => classPath)
}

/** The class path as one argument; if that is impossible, a jar that names the others. */
async function joinClassPath(folder: string, jars: readonly string[]): Promise<string> {
  const joined = jars.join(delimiter)
  const isSplittable = !jars.some((jar) => jar.includes(delimiter))
  if (isSplittable && Buffer.byteLength(joined) <= maxArgumentBytes) return joined
  return await writePathingJar(folder, jars)
}
