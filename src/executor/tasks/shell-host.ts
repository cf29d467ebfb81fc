/** Task host for commands. `JARCAST_CLASSPATH` has the class path. */
import { classPathVariable } from '../../domain/class-path/class-path-variables.ts'
import type { ShellWork } from '../../domain/tasks/task-work.ts'
import type { InstalledSet } from '../../domain/libraries/installed-set.ts'
import { describeEnd } from './process/host.ts'
import type { HostCommand } from './process/host.ts'

/** Runs a script of `/bin/sh`, or a program with its arguments. */
export function shellCommand(work: ShellWork, libraries: readonly InstalledSet[]): HostCommand {
  return {
    ...(work.args === undefined
      ? { file: '/bin/sh', args: ['-c', work.command] }
      : { file: work.command, args: work.args }),
    env: { [classPathVariable]: libraries.flatMap(({ classPath }) => classPath).join(':') },
    collect: 'nothing',
    maxCollectedBytes: 0,
    judge(end) {
      const { message, report } = describeEnd(end)
      if (end.exitStatus === 0) return { ok: true, message, report }
      return { ok: false, message, report: { ...report, code: 'TASK_FAILED' } }
    },
  }
}
