/**
 * Composition root of the executor process.
 *
 *   agent ── events ──► executor machine ──► effects ──┬─► agent link ──► calls
 *                         ▲    (task runs, downloaders) ├─► downloads ──► host cache ──► sandbox
 *                         │                             ├─► task hosts ──► JVM, Node, shell
 *                         └──── results of effects ─────┴─► probes ──► checks of running tasks
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { ExecutorMessage } from '../domain/task-work.ts'
import { describeRejection } from '../journal/runtime/rejections.ts'
import { createRuntime } from '../journal/runtime/runtime.ts'
import type { Runtime } from '../journal/runtime/runtime.ts'
import type { Effect } from '../journal/core/outbox.ts'
import type { LibraryFetch, SetEntry, SetSource } from '../machines/downloader/events.ts'
import { executorMachine } from '../machines/executor/executor.ts'
import type { LaunchedTask, StampedUpdate, Subscription } from '../machines/executor/events.ts'
import type { RunReport } from '../machines/task-run/run-report.ts'
import type { HostStart, ProbesStart } from '../machines/task-run/events.ts'
import type { AgentInfo } from '../mesos/types.generated.ts'
import { createAgentLink } from './agent/link.ts'
import type { AgentConnection } from './agent/link.ts'
import { createDownloads } from './libraries/downloads.ts'
import type { ExecutorEnvironment } from './agent/environment.ts'
import { openHostCache } from './libraries/cache/host-cache.ts'
import { createJvmHosts } from './tasks/jvm/jvm-host.ts'
import { createProbes } from './tasks/probes/probes.ts'
import { createRelay } from './libraries/relay/relay.ts'
import { createSetAccess } from './libraries/transfer/set-access.ts'
import { createTaskHosts } from './tasks/task-hosts.ts'

export interface ExecutorOptions {
  readonly environment: ExecutorEnvironment
  /** Libraries that every task gets. */
  readonly seedUris: readonly string[]
  readonly connection: AgentConnection
  /** Where java is looked for (JAVA_HOME, PATH), and the host cache (JARCAST_CACHE_DIR, JARCAST_CACHE_MAX_MB). */
  readonly env: Readonly<NodeJS.ProcessEnv>
  readonly log: (message: string) => void
}

export interface Executor {
  /** Ends the tasks and then the executor, as a SHUTDOWN of the agent does. */
  shutDown(message: string): void
  /** Resolves with the exit status when every task host is gone and the last updates are out. */
  readonly ended: Promise<number>
}

const maxAttempts = 6
const concurrency = 4
const backOffMs = 500
/** Agents that have the same text in it are near to each other. */
const rackAttribute = 'rack'
/** The last updates get this long to reach the agent. */
const flushMs = 1000

/** Starts an executor: subscribes, and runs tasks until the agent, a signal or an error ends it. */
export async function runExecutor(options: ExecutorOptions): Promise<Executor> {
  const { environment, seedUris, connection, env, log } = options
  const { sandbox, checkpoint, recoveryTimeoutMs, shutdownGraceMs } = environment
  const own = join(sandbox, '.jarcast')
  const cache = await openHostCache({
    folder: env['JARCAST_CACHE_DIR'],
    maxMb: env['JARCAST_CACHE_MAX_MB'],
    privateFolder: join(own, 'cache'),
    onWarning: log,
  })
  let end: (exitStatus: number) => void = () => undefined
  const ended = new Promise<number>((resolve) => {
    end = resolve
  })

  let isExiting = false
  const dispatch: Runtime<typeof executorMachine>['dispatch'] = (event) => {
    if (isExiting) return
    if (event.type === 'task.launched') keepAccess(event.task)
    runtime.dispatch(event)
  }
  const access = createSetAccess()
  const keepAccess = ({ payload }: LaunchedTask): void => {
    const set = 'work' in payload ? payload.librarySet : undefined
    if (set?.access !== undefined) access.keep(set.id, set.access)
  }
  let rack: string | undefined
  let hostname: string | undefined
  const onAgent = ({ attributes = [], ...agent }: AgentInfo): void => {
    hostname = agent.hostname
    rack = attributes.find(({ name }) => name === rackAttribute)?.text?.value
  }
  const link = createAgentLink({ connection, environment, dispatch, log, onAgent })
  const sendMessage = (message: ExecutorMessage): void => {
    const isFetched = message.type === 'library.fetched' && hostname !== undefined
    link.sendMessage(isFetched ? { ...message, hostname } : message)
  }
  const relay = createRelay({ rack: () => rack, relayKeys: access.relayKeys })
  const downloads = createDownloads({
    sandbox,
    cache,
    relay,
    access,
    dispatch,
    sendMessage,
    log,
    backOffMs,
  })
  const jvm = createJvmHosts(join(own, 'jvm'), env)
  const hosts = createTaskHosts({ sandbox, jvm, dispatch, restoreSets: downloads.restoreSets })
  const probes = createProbes({ sandbox, dispatch })

  async function exit(exitStatus: number, message: string): Promise<void> {
    if (isExiting) return
    isExiting = true
    log(message)
    downloads.cancelAll()
    await relay.close()
    probes.stopAll()
    await hosts.killAll()
    await link.flush(flushMs)
    await link.close()
    await cache.close().catch(() => undefined)
    runtime.stop()
    end(exitStatus)
  }

  const performers: Readonly<Record<string, (params: never) => void>> = {
    'fx.subscribe': (params: Subscription) => link.subscribe(params),
    'fx.report': (params: RunReport) => {
      const uuid = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64')
      dispatch({ type: 'update.stamped', update: { ...params, uuid, timestampMs: Date.now() } })
    },
    'fx.sendUpdate': ({ update }: { update: StampedUpdate }) => link.sendUpdate(update),
    'fx.message': ({ message }: { message: ExecutorMessage }) => {
      log(JSON.stringify(message))
      link.sendMessage(message)
    },
    'fx.fetchManifest': (params: { setId: string; source: SetSource; attempt: number }) =>
      downloads.fetchManifest(params),
    'fx.fetchLibrary': (params: LibraryFetch) => downloads.fetchLibrary(params),
    'fx.installSet': (params: { setId: string; entries: readonly SetEntry[] }) =>
      downloads.installSet(params),
    'fx.cancelFetches': ({ setId }: { setId: string }) => downloads.cancelFetches(setId),
    'fx.releaseSet': (params: { setId: string }) => downloads.releaseSet(params),
    'fx.startHost': (params: HostStart) => hosts.start(params),
    'fx.killHost': ({ taskId, signal }: { taskId: string; signal: NodeJS.Signals }) =>
      hosts.kill(taskId, signal),
    'fx.startProbes': (params: ProbesStart) => probes.start(params),
    'fx.stopProbes': ({ taskId }: { taskId: string }) => probes.stop(taskId),
    'fx.exit': ({ exitStatus, message }: { exitStatus: number; message: string }) =>
      void exit(exitStatus, message),
  }

  const runtime = createRuntime(executorMachine, {
    input: { checkpoint, recoveryTimeoutMs, shutdownGraceMs, seedUris, maxAttempts, concurrency },
    perform: ({ type, params }: Effect) => performers[type]?.(params as never),
    onRejected: (rejection) => void process.stderr.write(`${describeRejection(rejection)}\n`),
    onError: (error) => void exit(1, `the executor failed: ${String(error)}`),
  })
  runtime.start()
  return {
    shutDown: (message) => dispatch({ type: 'shutdown.requested', message, exitStatus: 0 }),
    ended,
  }
}
