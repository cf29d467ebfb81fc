/**
 * Launches an executor: sandbox, URIs, environment, then a process or an executor inside this
 * process.
 */
import type {
  CommandInfoURI,
  ExecutorEvent,
  FrameworkInfo,
  Resource,
  TaskInfo,
} from '../../mesos/types.generated.ts'
import { createCommandExecutor } from './command-executor.ts'
import { DefaultExecutor } from './default-executor.ts'
import { driveExecutor } from './executor-driver.ts'
import type { ExecutorDriver } from './executor-driver.ts'
import type { ExecutorHost, ExecutorLauncher } from './executor-host.ts'
import type { ExecutorRun } from './executor-run.ts'
import { signExecutorToken } from './executor-token.ts'
import type { Fetcher } from './fetcher/fetcher.ts'
import { startCommand } from './processes/command-process.ts'
import { executorEnvironment, shutdownGraceOf } from './processes/environment.ts'
import { createSandbox } from './sandbox.ts'

export interface LauncherOptions {
  readonly workDir: string
  /** `ip:port` of the agent. */
  readonly agentAddress: string
  /** Given to every executor; the framework's own variables win. */
  readonly executorEnvironment: Readonly<Record<string, string>>
  readonly shutdownGraceMs: number
  readonly subscriptionBackoffMaxMs: number
  /** Secret of the executors' tokens; undefined: no tokens. */
  readonly tokenSecret: Buffer | undefined
  readonly fetcher: Fetcher
  /** Links the volumes among `resources` into a sandbox, by their container path. */
  readonly linkVolumes: (
    resources: readonly Resource[] | undefined,
    directory: string,
  ) => Promise<void>
  /** True while the disk counts as full. */
  readonly isDiskFull: () => boolean
}

interface Launch {
  readonly agent: ExecutorHost
  readonly run: ExecutorRun
  readonly framework: FrameworkInfo
  readonly environment: Readonly<Record<string, string>>
  readonly graceMs: number
}

export function createLauncher(options: LauncherOptions): ExecutorLauncher {
  function fetch(
    run: ExecutorRun,
    framework: FrameworkInfo,
    where: { readonly directory: string; readonly containerId: string },
    uris: readonly CommandInfoURI[] = [],
  ): Promise<void> {
    const { user } = framework
    if (options.isDiskFull() && uris.length > 0) return Promise.reject(describeFullDisk(where))
    return options.fetcher.fetch({ uris, user, signal: run.abort.signal, ...where })
  }

  /** Volumes of a task group are linked into the sandboxes of its tasks. */
  async function linkVolumes({ directory, info, kind, queuedTasks }: ExecutorRun): Promise<void> {
    await options.linkVolumes(info.resources, directory)
    if (kind === 'default') return
    for (const { resources } of queuedTasks.values()) {
      await options.linkVolumes(resources, directory)
    }
  }

  return {
    async launch(agent, run, framework, task) {
      const { containerId, frameworkId, id: executorId } = run
      const ids = { agentId: agent.id, frameworkId, executorId, containerId }
      const command = run.kind === 'command' ? task?.command : run.info.command
      // Without URIs to fetch, a full disk shows here.
      if (options.isDiskFull() && (command?.uris ?? []).length === 0) throw noSpace(run)
      run.directory = await createSandbox(options.workDir, ids)
      await linkVolumes(run)
      await fetch(run, framework, run, command?.uris)
      // The run, or the agent, was killed while fetching.
      if (run.state !== 'REGISTERING' || run.abort.signal.aborted)
        throw new Error('Container is being destroyed')
      const environment = executorEnvironment({
        framework,
        frameworkId,
        executor: run.kind === 'command' ? { executorId: run.info.executorId } : run.info,
        agentId: agent.id,
        agentAddress: options.agentAddress,
        directory: run.directory,
        defaults: options.executorEnvironment,
        shutdownGraceMs: options.shutdownGraceMs,
        subscriptionBackoffMaxMs: options.subscriptionBackoffMaxMs,
      })
      const graceMs = shutdownGraceOf(run.info, options.shutdownGraceMs)
      const launch: Launch = { agent, run, framework, environment, graceMs }
      if (run.kind === 'custom') startCustom(launch, tokenVariable(run, options.tokenSecret))
      else if (run.kind === 'command') startCommandExecutor(launch)
      else {
        startDefaultExecutor(launch, async (member, directory, containerId) => {
          await options.linkVolumes(member.resources, directory)
          await fetch(run, framework, { directory, containerId }, member.command?.uris)
        })
      }
    },
  }
}

function noSpace({ id }: ExecutorRun): Error {
  return new Error(`Failed to create the sandbox of executor '${id}': No space left on device`)
}

/** The fetcher's error on a full disk. */
function describeFullDisk({ containerId }: { readonly containerId: string }): Error {
  const cause = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
  const message = `Failed to fetch all URIs for container '${containerId}': exited with status 1`
  return new Error(message, { cause })
}

/** Only executor processes get a token. */
function tokenVariable(run: ExecutorRun, secret: Buffer | undefined): Record<string, string> {
  if (secret === undefined) return {}
  const claims = { cid: run.containerId, eid: run.id, fid: run.frameworkId }
  return { MESOS_EXECUTOR_AUTHENTICATION_TOKEN: signExecutorToken(claims, secret) }
}

/** Starts a process that subscribes over HTTP, or is ended by its registration timeout. */
function startCustom(
  { agent, environment, run }: Launch,
  token: Readonly<Record<string, string>>,
): void {
  const { directory } = run
  const process = startCommand({
    command: run.info.command ?? {},
    directory,
    environment: { ...environment, ...token },
  })
  run.container = process
  void process.exited.then((exit) => agent.executorEnded(run, exit))
}

function startCommandExecutor(launch: Launch): void {
  const { environment, framework, graceMs, run } = launch
  const driver = drive(launch, (event) => executor.handle(event))
  const executor = createCommandExecutor({
    framework,
    directory: run.directory,
    environment,
    shutdownGraceMs: graceMs,
    onStarted: (_task, process) => {
      run.container = process
    },
    sendUpdate: driver.sendUpdate,
    onEnded: driver.end,
  })
  driver.subscribe()
}

function startDefaultExecutor(
  launch: Launch,
  fetch: (task: TaskInfo, directory: string, containerId: string) => Promise<void>,
): void {
  const { environment, framework, graceMs, run } = launch
  const driver = drive(launch, (event) => executor.handle(event))
  const executor: DefaultExecutor = new DefaultExecutor({
    framework,
    directory: run.directory,
    environment,
    shutdownGraceMs: graceMs,
    fetch,
    onContainer: (taskId, id, pid) => run.taskContainers.set(taskId, { id, pid }),
    sendUpdate: driver.sendUpdate,
    onEnded: driver.end,
  })
  run.container = executor.container
  driver.subscribe()
}

function drive(
  { agent, framework, run }: Launch,
  handle: (event: ExecutorEvent) => void,
): ExecutorDriver {
  const isCheckpointing = framework.checkpoint === true
  return driveExecutor({ host: agent, run, isCheckpointing, handle })
}
