/** The task hosts of this executor: started, signalled and ended by task id. */
import type { JavaWork, LoadClassWork } from '../../domain/task-work.ts'
import { JarcastError } from '../../errors.ts'
import type { ExecutorMachineEvent } from '../../machines/executor/events.ts'
import { failedOutcome } from '../../machines/task-run/run-report.ts'
import type { HostOutcome } from '../../machines/task-run/run-report.ts'
import type { HostStart } from '../../machines/task-run/events.ts'
import type { InstalledSet } from '../../domain/libraries/installed-set.ts'
import { startHost } from './process/host.ts'
import type { Host, HostCommand } from './process/host.ts'
import type { JvmHosts } from './jvm/jvm-host.ts'
import { nodeCommand } from './node/node-host.ts'
import { shellCommand } from './shell-host.ts'
import { findOwnJvmReason } from './jvm/warm/own-jvm-reason.ts'
import { createWarmJvms } from './jvm/warm/warm-jvms.ts'
import type { NotStarted } from './jvm/warm/warm-jvms.ts'

export interface TaskHostsOptions {
  readonly sandbox: string
  readonly jvm: JvmHosts
  readonly dispatch: (event: ExecutorMachineEvent) => void
  /** Puts back what earlier tasks have changed in these sets. */
  readonly restoreSets: (sets: readonly InstalledSet[]) => Promise<void>
}

export interface TaskHosts {
  start(params: HostStart): void
  kill(taskId: string, signal: NodeJS.Signals): void
  /** Kills every host; resolves when all are gone. */
  killAll(): Promise<void>
}

interface Run {
  /** Absent while the command is being prepared. */
  host?: Pick<Host, 'kill'>
  isKilled: boolean
  ended: Promise<void>
}

/** Runs task hosts and dispatches `host.started` and `host.exited` for each. */
export function createTaskHosts(options: TaskHostsOptions): TaskHosts {
  const { sandbox, jvm, dispatch, restoreSets } = options
  const runs = new Map<string, Run>()
  const warm = createWarmJvms(sandbox)

  async function runTask(params: HostStart, run: Run): Promise<HostOutcome> {
    try {
      await restoreSets(params.libraries)
      const warmth = await warmthOf(params)
      if (!warmth.isWarm) return await runAlone(params, run, warmth.reason)
      const end = await runWarm(params, run)
      return 'whyNot' in end ? await runAlone(params, run, end.whyNot) : end
    } catch (error) {
      const code = error instanceof JarcastError ? error.code : 'TASK_FAILED'
      return failedOutcome(code, error instanceof Error ? error.message : String(error))
    }
  }

  /** `reason`: why it has no warm JVM, which it asked for. */
  async function runAlone(params: HostStart, run: Run, reason?: string): Promise<HostOutcome> {
    const prepared = await prepareCommand(params, jvm)
    // Also for programs that find archives and files there themselves.
    const folder = { JARCAST_LIBRARIES: params.libraries[0]?.folder ?? '' }
    const env = { ...folder, ...prepared.env, ...params.environment }
    const command = { ...prepared, env }
    if (run.isKilled) return failedOutcome('TASK_FAILED', 'it had not started yet')
    const { taskId } = params
    const onStarted = (): void => dispatch({ type: 'host.started', taskId })
    const host = startHost(command, { taskId, sandbox, onStarted })
    run.host = host
    return withReason(await host.ended, reason)
  }

  async function runWarm(params: HostStart, run: Run): Promise<HostOutcome | NotStarted> {
    const { taskId, libraries, maxResultBytes } = params
    const work = params.work as LoadClassWork | JavaWork
    const { command, task } = await jvm.warm(work, libraries, maxResultBytes)
    if (run.isKilled) return failedOutcome('TASK_FAILED', 'it had not started yet')
    const onStarted = (): void => dispatch({ type: 'host.started', taskId })
    const host = warm.start(command, task, { taskId, sandbox, onStarted })
    run.host = host
    return await host.ended
  }

  async function follow(params: HostStart, run: Run): Promise<void> {
    const { taskId } = params
    const outcome = await runTask(params, run)
    runs.delete(taskId)
    dispatch({ type: 'host.exited', taskId, outcome })
  }

  function kill(taskId: string, signal: NodeJS.Signals): void {
    const run = runs.get(taskId)
    if (run === undefined) return
    run.isKilled = true
    run.host?.kill(signal)
  }

  return {
    start(params) {
      const { taskId } = params
      const run: Run = { isKilled: false, ended: Promise.resolve() }
      runs.set(taskId, run)
      run.ended = follow(params, run)
    },
    kill,
    async killAll() {
      const ends = [...runs.values()].map(({ ended }) => ended)
      for (const taskId of runs.keys()) kill(taskId, 'SIGKILL')
      warm.stop()
      await Promise.all(ends)
    },
  }
}

/** Whether a warm JVM is for this task; where it was asked for in vain, why. */
async function warmthOf({
  work,
  libraries,
  environment,
}: HostStart): Promise<{ readonly isWarm: boolean; readonly reason?: string }> {
  if (work.kind !== 'load-class' && work.kind !== 'java') return { isWarm: false }
  const { isolation = 'process' } = work
  if (isolation === 'process') return { isWarm: false }
  if (Object.keys(environment).length > 0)
    return { isWarm: false, reason: 'it has environment variables of its own' }
  const jars = libraries.flatMap(({ classPath }) => classPath)
  const reason = await findOwnJvmReason(jars, isolation)
  return reason === undefined ? { isWarm: true } : { isWarm: false, reason }
}

function withReason(outcome: HostOutcome, reason: string | undefined): HostOutcome {
  if (reason === undefined) return outcome
  return { ...outcome, message: `${outcome.message} (in a JVM of its own: ${reason})` }
}

async function prepareCommand(params: HostStart, jvm: JvmHosts): Promise<HostCommand> {
  const { work, libraries, maxResultBytes } = params
  switch (work.kind) {
    case 'shell':
      return shellCommand(work, libraries)
    case 'js':
      return await nodeCommand(work, libraries, maxResultBytes)
    case 'load-class':
      return await jvm.loadClass(work, libraries)
    case 'java':
      return await jvm.main(work, libraries, maxResultBytes)
  }
}
