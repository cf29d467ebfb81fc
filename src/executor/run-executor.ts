/**
 * Composition root of the executor process.
 *
 *   agent ── events ──► executor machine ──► effect$ ──┬─► agent link ──► calls
 *                         ▲    (task runs, downloaders) ├─► downloads ──► host cache ──► sandbox
 *                         │                             ├─► task hosts ──► JVM, Node, shell
 *                         └──────── events ◄────────────┴─► probes ──► checks of running tasks
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { EMPTY, filter, of, tap } from 'rxjs'
import { createDeferred } from '../deferred.ts'
import { defined } from '../defined.ts'
import type { ExecutorMessage } from '../domain/tasks/executor-message.ts'
import { messageOf } from '../errors.ts'
import { describeRejection } from '../journal/runtime/rejections.ts'
import type { RuntimeOptions } from '../journal/runtime/runtime-options.ts'
import { createRuntime } from '../journal/runtime/runtime.ts'
import type { ExecutorMachineEvent, StampedUpdate } from '../machines/executor/events.ts'
import { executorMachine } from '../machines/executor/executor.ts'
import type { RunReport } from '../machines/task-run/run-report.ts'
import type { ExecutorEnvironment } from './agent/environment.ts'
import { AgentLink } from './agent/link.ts'
import type { AgentConnection } from './agent/link.ts'
import { openHostCache } from './libraries/cache/host-cache.ts'
import { Downloads } from './libraries/downloads.ts'
import { Relay } from './libraries/relay/relay.ts'
import { createSetAccess } from './libraries/transfer/set-access.ts'
import { performEffects } from './performer.ts'
import type { Performers } from './performer.ts'
import { createJvmHosts } from './tasks/jvm/jvm-host.ts'
import { Probes } from './tasks/probes/probes.ts'
import { TaskHosts } from './tasks/task-hosts.ts'

export interface ExecutorOptions {
  readonly environment: ExecutorEnvironment
  /** Libraries that every task gets. */
  readonly seedUris: readonly string[]
  readonly connection: AgentConnection
  /** JAVA_HOME and PATH name java; JARCAST_CACHE_DIR and JARCAST_CACHE_MAX_MB the host cache. */
  readonly env: Readonly<NodeJS.ProcessEnv>
  readonly log: (message: string) => void
  /** Standard XState inspection, for every actor of the executor, its downloaders included. */
  readonly inspect?: RuntimeOptions<typeof executorMachine>['inspect']
}

export interface Executor {
  /** Ends the tasks and then the executor, as a SHUTDOWN of the agent does. */
  shutDown(message: string): void
  /** Resolves with the exit status when all task hosts are gone and the last updates are sent. */
  readonly ended: Promise<number>
}

/** Attempts per library. */
const maxAttempts = 6
/** Libraries of one set that are fetched at the same time. */
const concurrency = 4
/** Upper bound of the wait before the second attempt. */
const backOffMs = 500
/** Hosts whose agents have the same text in this attribute are near to each other. */
const rackAttribute = 'rack'
/** Time for the last updates to reach the agent. */
const flushMs = 1000

/** Starts an executor: subscribes, and runs tasks until the agent, a signal or an error ends it. */
export async function runExecutor(options: ExecutorOptions): Promise<Executor> {
  const { environment, seedUris, log } = options
  const { checkpoint, recoveryTimeoutMs, shutdownGraceMs } = environment
  const parts = await createParts(options)
  let isExiting = false
  const ended = createDeferred<number>()
  const exit = async (exitStatus: number, message: string): Promise<void> => {
    if (isExiting) return
    isExiting = true
    log(message)
    await parts.close()
    runtime.stop()
    ended.resolve(exitStatus)
  }
  const runtime = createRuntime(executorMachine, {
    input: { checkpoint, recoveryTimeoutMs, shutdownGraceMs, seedUris, maxAttempts, concurrency },
    inspect: options.inspect,
  })
  const event$ = runtime.effect$.pipe(
    performEffects(createPerformers(parts, options, exit)),
    // The exit kills the tasks, but the machine has stopped: it takes no events.
    filter(() => !isExiting),
  )
  runtime.connect(event$)
  runtime.rejection$.subscribe({
    next: (rejection) => void process.stderr.write(`${describeRejection(rejection)}\n`),
    error: (error) => void exit(1, `the executor failed: ${messageOf(error)}`),
  })
  runtime.start()
  return {
    shutDown: (message) => runtime.dispatch({ type: 'shutdown.requested', message, exitStatus: 0 }),
    ended: ended.promise,
  }
}

interface Parts {
  readonly link: AgentLink
  readonly access: ReturnType<typeof createSetAccess>
  readonly downloads: Downloads
  readonly hosts: TaskHosts
  readonly probes: Probes
  /** Ends all parts, after the last updates are sent. */
  close(): Promise<void>
}

async function createParts(options: ExecutorOptions): Promise<Parts> {
  const { environment, connection, env, log } = options
  const { sandbox } = environment
  const own = join(sandbox, '.jarcast')
  const cache = await openHostCache({
    folder: env['JARCAST_CACHE_DIR'],
    maxMb: env['JARCAST_CACHE_MAX_MB'],
    privateFolder: join(own, 'cache'),
    onWarning: log,
  })
  const link = new AgentLink({ connection, environment, log })
  const access = createSetAccess()
  const relay = new Relay({
    rack: () => rackOf(link),
    hostname: () => link.agent?.hostname,
    relayKeys: access.relayKeys,
  })
  const sendMessage = (message: ExecutorMessage): void => {
    const hostname = message.type === 'library.fetched' ? link.agent?.hostname : undefined
    link.sendMessage({ ...message, ...defined({ hostname }) })
  }
  const downloads = new Downloads({ sandbox, cache, relay, access, sendMessage, log, backOffMs })
  const hosts = new TaskHosts({
    sandbox,
    jvm: createJvmHosts(join(own, 'jvm'), env),
    restoreSets: (sets) => downloads.restoreSets(sets),
  })
  const probes = new Probes(sandbox)
  return {
    link,
    access,
    downloads,
    hosts,
    probes,
    async close() {
      downloads.cancelAll()
      await relay.close()
      probes.stopAll()
      await hosts.killAll()
      await link.flush(flushMs)
      await link.close()
      await cache.close().catch(() => undefined)
    },
  }
}

function createPerformers(
  { link, access, downloads, hosts, probes }: Parts,
  { log }: ExecutorOptions,
  exit: (exitStatus: number, message: string) => Promise<void>,
): Performers {
  const keepAccess = (event: ExecutorMachineEvent): void => {
    if (event.type !== 'task.launched' || !('work' in event.task.payload)) return
    const { librarySet } = event.task.payload
    if (librarySet?.access !== undefined) access.keep(librarySet.id, librarySet.access)
  }
  return {
    'fx.subscribe': (params) => link.subscribe(params).pipe(tap(keepAccess)),
    'fx.report': (report) => of({ type: 'update.stamped', update: stamp(report) }),
    'fx.sendUpdate': ({ update }) => done(link.sendUpdate(update)),
    'fx.message': ({ message }) => {
      log(JSON.stringify(message))
      return done(link.sendMessage(message))
    },
    'fx.fetchManifest': (params) => downloads.fetchManifest(params),
    'fx.fetchLibrary': (params) => downloads.fetchLibrary(params),
    'fx.installSet': (params) => downloads.installSet(params),
    'fx.cancelFetches': ({ setId }) => done(downloads.cancelFetches(setId)),
    'fx.releaseSet': ({ setId }) => done(downloads.releaseSet(setId)),
    'fx.startHost': (params) => hosts.start(params),
    'fx.killHost': ({ taskId, signal }) => done(hosts.kill(taskId, signal)),
    'fx.startProbes': (params) => probes.start(params),
    'fx.stopProbes': ({ taskId }) => done(probes.stop(taskId)),
    'fx.exit': ({ exitStatus, message }) => done(void exit(exitStatus, message)),
  }
}

/** An effect that has no result. */
function done(_effect: void) {
  return EMPTY
}

function stamp(report: RunReport): StampedUpdate {
  const uuid = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64')
  return { ...report, uuid, timestampMs: Date.now() }
}

function rackOf({ agent }: AgentLink): string | undefined {
  return agent?.attributes?.find(({ name }) => name === rackAttribute)?.text?.value
}
