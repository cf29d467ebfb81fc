/** JVM task hosts: one `java` per task, with the class path made of the task's jars, or a warm one for many. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { unlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { jvmParentFirst } from '../../../domain/tasks/jvm-isolation.ts'
import type { JavaWork, LoadClassWork } from '../../../domain/task-work.ts'
import { JarcastError } from '../../../errors.ts'
import type { ErrorCode } from '../../../errors.ts'
import type { HostOutcome } from '../../../machines/task-run/run-report.ts'
import type { InstalledSet } from '../../../domain/libraries/installed-set.ts'
import { describeEnd } from '../process/host.ts'
import type { HostCommand, HostEnd } from '../process/host.ts'
import { jvmHostClasses } from './jvm-host.generated.ts'
import { ensureFolder } from './own-files.ts'
import { writePathingJar } from './pathing-jar.ts'
import { tooLarge, withResult } from '../process/result.ts'
import type { WarmTask } from './warm/warm-jvm.ts'
import type { WarmJvmCommand } from './warm/warm-jvms.ts'

export interface JvmHosts {
  loadClass(work: LoadClassWork, libraries: readonly InstalledSet[]): Promise<HostCommand>
  main(
    work: JavaWork,
    libraries: readonly InstalledSet[],
    maxResultBytes: number,
  ): Promise<HostCommand>
  /** For a warm JVM, started by `command`. */
  warm(
    work: LoadClassWork | JavaWork,
    libraries: readonly InstalledSet[],
    maxResultBytes: number,
  ): Promise<{ readonly command: WarmJvmCommand; readonly task: WarmTask }>
}

const hostClasses = Object.fromEntries(
  Object.entries(jvmHostClasses).map(([name, bytes]) => [
    `${name}.class`,
    Buffer.from(bytes, 'base64'),
  ]),
)

/** Java up to 8 has no modules, and ignores what it does not know. */
const hostAttributes = { 'Main-Class': 'JarcastWarmHost', 'Add-Opens': 'java.base/java.lang' }

/** Linux takes no argument of 128 KiB or more. */
const maxArgumentBytes = 120 * 1024

/**
 * JVM hosts whose own files are below `folder`. Java is looked for once, before the first use.
 * Both commands fail with `JAVA_MISSING` when there is none.
 */
export function createJvmHosts(folder: string, env: Readonly<NodeJS.ProcessEnv>): JvmHosts {
  let java: Promise<string> | undefined
  let preparing: Promise<void> = Promise.resolve()
  const classes = join(folder, 'classes')

  /** One at a time. */
  async function prepare(): Promise<void> {
    preparing = preparing.catch(() => undefined).then(() => ensureFolder(classes, hostClasses))
    await preparing
  }

  async function findJava(): Promise<string> {
    java ??= locateJava(env)
    return await java
  }

  return {
    async loadClass({ className }, libraries) {
      const file = await findJava()
      await prepare()
      const proof = join(folder, `loaded-${randomUUID()}`)
      return {
        file,
        args: ['-cp', classes, 'JarcastHost'],
        env: localeOf(env),
        stdin: [proof, className, ...jarsOf(libraries)].join('\n'),
        collect: 'nothing',
        maxCollectedBytes: 0,
        judge: async (end) => judgeLoad(className, await takeProof(proof), end),
      }
    },
    async main({ mainClass, args = [], stdin }, libraries, maxResultBytes) {
      const file = await findJava()
      const classPath = await joinClassPath(folder, jarsOf(libraries))
      return {
        file,
        args: ['-cp', classPath, mainClass, ...args],
        env: localeOf(env),
        ...(stdin === undefined ? {} : { stdin }),
        collect: 'stdout',
        maxCollectedBytes: maxResultBytes,
        judge: (end) => judgeMain(mainClass, maxResultBytes, end),
      }
    },
    async warm(work, libraries, maxResultBytes) {
      const file = await findJava()
      // The jars of a set are on the class path of its JVMs. Those of `child-first` serve all sets.
      const isShared = work.isolation === 'shared'
      const jars = isShared ? jarsOf(libraries) : []
      const place = { JARCAST_LIBRARIES: libraries[0]?.folder ?? '' }
      const host = { attributes: hostAttributes, files: hostClasses }
      return {
        command: {
          key: [work.isolation, ...jars].join('\0'),
          prepare: async () => [file, '-jar', await writePathingJar(folder, jars, host)],
          env: { ...localeOf(env), ...(isShared ? place : {}) },
        },
        task: warmTaskOf(work, libraries, maxResultBytes),
      }
    },
  }
}

function warmTaskOf(
  work: LoadClassWork | JavaWork,
  libraries: readonly InstalledSet[],
  maxResultBytes: number,
): WarmTask {
  const { kind, parentFirst = [] } = work
  const className = kind === 'java' ? work.mainClass : work.className
  return {
    run: {
      isolation: work.isolation === 'shared' ? 'shared' : 'child-first',
      kind,
      className,
      args: (kind === 'java' ? work.args : undefined) ?? [],
      jars: jarsOf(libraries),
      parentFirst: [...jvmParentFirst, ...parentFirst],
      stdin: (kind === 'java' ? work.stdin : undefined) ?? '',
    },
    ...(kind === 'java' ? { maxCollectedBytes: maxResultBytes } : {}),
    judge: (end, isOver) =>
      kind === 'java'
        ? judgeMain(className, maxResultBytes, end)
        : judgeLoad(className, isOver, end),
  }
}

/** `java` of JAVA_HOME, else of PATH, that does start. Throws `JAVA_MISSING`. */
async function locateJava(env: Readonly<NodeJS.ProcessEnv>): Promise<string> {
  const home = env['JAVA_HOME'] ?? ''
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const candidates = [...(home === '' ? [] : [join(home, 'bin')]), ...folders]
  for (const folder of candidates) {
    const file = join(folder, 'java')
    if (await canRun(file, env)) return file
  }
  throw new JarcastError(
    'JAVA_MISSING',
    `no java found on agent ${hostname()}: install a JRE, e.g. apt-get install default-jre-headless`,
  )
}

async function canRun(file: string, env: Readonly<NodeJS.ProcessEnv>): Promise<boolean> {
  try {
    await promisify(execFile)(file, ['-version'], { env, timeout: 30_000 })
    return true
  } catch {
    return false
  }
}

/**
 * Java reads arguments and file names in the encoding of its locale, and agents start executors without one: in the C
 * locale, all that is not ASCII would be lost. No option of Java's stands in for it.
 */
function localeOf(env: Readonly<NodeJS.ProcessEnv>): Readonly<Record<string, string>> {
  const isSet = ['LC_ALL', 'LC_CTYPE', 'LANG'].some((name) => (env[name] ?? '') !== '')
  return isSet ? {} : { LC_ALL: 'C.UTF-8' }
}

/** True when the host class left its proof, which then is gone. */
async function takeProof(path: string): Promise<boolean> {
  return await unlink(path).then(
    () => true,
    () => false,
  )
}

function jarsOf(libraries: readonly InstalledSet[]): readonly string[] {
  return libraries.flatMap(({ classPath }) => classPath)
}

/** The class path as one argument; where that cannot be, a jar that names the others. */
async function joinClassPath(folder: string, jars: readonly string[]): Promise<string> {
  const joined = jars.join(delimiter)
  const isSplittable = !jars.some((jar) => jar.includes(delimiter))
  if (isSplittable && Buffer.byteLength(joined) <= maxArgumentBytes) return joined
  return await writePathingJar(folder, jars)
}

function judgeLoad(className: string, isLoaded: boolean, end: HostEnd): HostOutcome {
  const { message, report } = describeEnd(end)
  switch (end.exitStatus) {
    case 0: {
      // The class may have ended the JVM itself.
      if (!isLoaded) break
      return {
        ok: true,
        message,
        report: { ...report, result: `successfully loaded ${className}` },
      }
    }
    case 80:
      return failed(`class ${className} is in none of the jars`, 'CLASS_NOT_FOUND')
    case 81:
      return failed(`class ${className} cannot be linked`, 'CLASS_NOT_FOUND')
    case 82:
      return failed(`the static initialiser of ${className} threw`, 'TASK_FAILED')
    case 83:
      return failed(tooOldMessage(end.logTail), 'JAVA_TOO_OLD')
    default:
      break
  }
  const early = isLoaded ? '' : ` before class ${className} was loaded`
  return failed(`java ${message}${early}`, 'TASK_FAILED')

  function failed(why: string, code: ErrorCode): HostOutcome {
    return { ok: false, message: why, report: { ...report, code } }
  }
}

function judgeMain(mainClass: string, maxResultBytes: number, end: HostEnd): HostOutcome {
  const { message, report } = describeEnd(end)
  if (end.overflowed) return tooLarge(report, maxResultBytes)
  if (end.exitStatus === 0) return withResult(message, report, end.collected, maxResultBytes)
  if (end.logTail.includes('UnsupportedClassVersionError')) {
    return {
      ok: false,
      message: tooOldMessage(end.logTail),
      report: { ...report, code: 'JAVA_TOO_OLD' },
    }
  }
  if (end.logTail.includes(`Could not find or load main class ${mainClass}`)) {
    return {
      ok: false,
      message: `class ${mainClass} is in none of the jars`,
      report: { ...report, code: 'CLASS_NOT_FOUND' },
    }
  }
  return { ok: false, message: `java ${message}`, report: { ...report, code: 'TASK_FAILED' } }
}

/** Class file version 44 + N is that of Java N. Source: The Java Virtual Machine Specification, table 4.1-A. */
function tooOldMessage(logTail: string): string {
  const [, wanted, had] = /class file version (\d+)\..* up to (\d+)\./s.exec(logTail) ?? []
  const versions =
    wanted === undefined || had === undefined
      ? 'need a newer Java than there is'
      : `need Java ${Number(wanted) - 44}, and there is Java ${Number(had) - 44}`
  return `the jars ${versions} on agent ${hostname()}: install a newer JRE or ship older jars`
}
