/** The task hosts of this executor, by task id. */
import { Observable } from 'rxjs'
import { librariesVariable } from '../../domain/class-path/class-path-variables.ts'
import type { InstalledSet } from '../../domain/libraries/installed-set.ts'
import type { JavaWork, JsWork, LoadClassWork, TaskWork } from '../../domain/tasks/task-work.ts'
import { JarcastError, messageOf } from '../../errors.ts'
import type { HostStart, RunEvent } from '../../machines/task-run/events.ts'
import { failedOutcome } from '../../machines/task-run/run-report.ts'
import type { HostOutcome } from '../../machines/task-run/run-report.ts'
import type { JvmHosts } from './jvm/jvm-host.ts'
import { findOwnJvmReason } from './jvm/warm/own-jvm-reason.ts'
import { nodeCommand, warmNodeTask } from './node/node-host.ts'
import { startHost } from './process/host.ts'
import type { Host, HostCommand } from './process/host.ts'
import { shellCommand } from './shell-host.ts'
import { WarmHosts } from './warm/warm-hosts.ts'
import type { NotStarted } from './warm/warm-hosts.ts'

export interface TaskHostsOptions {
  readonly sandbox: string
  readonly jvm: JvmHosts
  /** Undoes changes of earlier tasks in these sets. */
  readonly restoreSets: (sets: readonly InstalledSet[]) => Promise<void>
}

interface Run {
  /** Absent while the command is being prepared. */
  host?: Pick<Host, 'kill'>
  isKilled: boolean
  ended: Promise<HostOutcome>
}

/** A run of a task, while its host is being started. */
interface Start {
  readonly params: HostStart
  readonly run: Run
  readonly onStarted: () => void
}

export class TaskHosts {
  readonly #options: TaskHostsOptions
  readonly #runs = new Map<string, Run>()
  readonly #warm: WarmHosts

  constructor(options: TaskHostsOptions) {
    this.#options = options
    this.#warm = new WarmHosts(options.sandbox)
  }

  /**
   * Runs a task once it is subscribed to. Next: `host.started`, unless it cannot start, then
   * `host.exited`. Complete: after that. Error: never. Unsubscribing does not end the task.
   */
  start(params: HostStart): Observable<RunEvent> {
    const { taskId } = params
    return new Observable((subscriber) => {
      const run: Run = { isKilled: false, ended: Promise.resolve(notStarted) }
      this.#runs.set(taskId, run)
      const onStarted = () => subscriber.next({ type: 'host.started', taskId })
      run.ended = this.#runTask({ params, run, onStarted }).then((outcome) => {
        this.#runs.delete(taskId)
        subscriber.next({ type: 'host.exited', taskId, outcome })
        subscriber.complete()
        return outcome
      })
    })
  }

  kill(taskId: string, signal: NodeJS.Signals): void {
    const run = this.#runs.get(taskId)
    if (run === undefined) return
    run.isKilled = true
    run.host?.kill(signal)
  }

  /** Kills every host; resolves when all are gone. */
  async killAll(): Promise<void> {
    const ends = [...this.#runs.values()].map(({ ended }) => ended)
    for (const taskId of this.#runs.keys()) this.kill(taskId, 'SIGKILL')
    this.#warm.stop()
    await Promise.all(ends)
  }

  async #runTask(start: Start): Promise<HostOutcome> {
    const { params } = start
    try {
      await this.#options.restoreSets(params.libraries)
      const warmth = await warmthOf(params)
      if (!warmth.isWarm) return await this.#runAlone(start, warmth.reason)
      const end = await this.#runWarm(start)
      return 'whyNot' in end ? await this.#runAlone(start, end.whyNot) : end
    } catch (error) {
      const code = error instanceof JarcastError ? error.code : 'TASK_FAILED'
      return failedOutcome(code, messageOf(error))
    }
  }

  /** `reason`: why the task does not run in the warm JVM that it asked for. */
  async #runAlone({ params, run, onStarted }: Start, reason?: string): Promise<HostOutcome> {
    const { sandbox, jvm } = this.#options
    const { taskId, libraries, environment } = params
    const prepared = await prepareCommand(params, jvm)
    const folder = { [librariesVariable]: libraries[0]?.folder ?? '' }
    const command = { ...prepared, env: { ...folder, ...prepared.env, ...environment } }
    if (run.isKilled) return notStarted
    const host = startHost(command, { taskId, sandbox, onStarted })
    run.host = host
    return withReason(await host.ended, params.work, reason)
  }

  async #runWarm({ params, run, onStarted }: Start): Promise<HostOutcome | NotStarted> {
    const { sandbox, jvm } = this.#options
    const { taskId, libraries, maxResultBytes } = params
    const work = params.work as LoadClassWork | JavaWork | JsWork
    const { command, task } =
      work.kind === 'js'
        ? await warmNodeTask(work, libraries, maxResultBytes)
        : await jvm.warm(work, libraries, maxResultBytes)
    if (run.isKilled) return notStarted
    const host = this.#warm.start(command, task, { taskId, sandbox, onStarted })
    run.host = host
    return await host.ended
  }
}

const notStarted = failedOutcome('TASK_FAILED', 'it had not started yet')

/** Decides whether the task runs in a warm host; `reason`: why not, although it asks for one. */
async function warmthOf({
  work,
  libraries,
  environment,
}: HostStart): Promise<{ readonly isWarm: boolean; readonly reason?: string }> {
  if (work.kind === 'shell') return { isWarm: false }
  const { isolation = 'process' } = work
  if (isolation === 'process') return { isWarm: false }
  if (Object.keys(environment).length > 0)
    return { isWarm: false, reason: 'it has environment variables of its own' }
  if (work.kind === 'js') return { isWarm: true }
  const jars = libraries.flatMap(({ classPath }) => classPath)
  const reason = await findOwnJvmReason(
    jars,
    work.isolation === 'shared' ? 'shared' : 'child-first',
  )
  return reason === undefined ? { isWarm: true } : { isWarm: false, reason }
}

function withReason(
  outcome: HostOutcome,
  { kind }: TaskWork,
  reason: string | undefined,
): HostOutcome {
  if (reason === undefined) return outcome
  const noun = kind === 'js' ? 'Node.js' : 'JVM'
  return { ...outcome, message: `${outcome.message} (in a ${noun} of its own: ${reason})` }
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
