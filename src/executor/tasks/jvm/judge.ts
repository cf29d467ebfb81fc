/** Derives the outcome of a JVM from its exit status and its log. */
import { hostname } from 'node:os'
import type { ErrorCode } from '../../../errors.ts'
import type { HostOutcome } from '../../../machines/task-run/run-report.ts'
import { describeEnd } from '../process/host.ts'
import type { HostEnd } from '../process/host.ts'
import { tooLarge, withResult } from '../process/result.ts'

/** Outcome of `JarcastHost`; its exit statuses 80 to 83 are errors of the class. */
export function judgeLoad(className: string, isLoaded: boolean, end: HostEnd): HostOutcome {
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

/** Outcome of a main class, with its output as result. */
export function judgeMain(mainClass: string, maxResultBytes: number, end: HostEnd): HostOutcome {
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

/** Java N reads class files up to version 44 + N. Source: JVM Specification, table 4.1-A. */
function tooOldMessage(logTail: string): string {
  const [, wanted, had] = /class file version (\d+)\..* up to (\d+)\./s.exec(logTail) ?? []
  const versions =
    wanted === undefined || had === undefined
      ? 'need a newer Java'
      : `need Java ${Number(wanted) - 44}, but this is Java ${Number(had) - 44}`
  return `the jars ${versions} on agent ${hostname()}: install a newer JRE or ship older jars`
}
