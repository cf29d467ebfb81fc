/**
 * The composition root of the scheduler process.
 *
 *   run, kill, drain, stop ─┐                                   ┌─► events, results of run
 *                           ▼                                   │
 *   master ── event$ ──► inbox ──► journal ──► scheduler ──► effects ──► performer ─┬─► calls ──► master
 *                           ▲      (append)    machine                              └─► jar server
 *                           └────────── what came of the effects ──────────────────────┘
 */
import { EventEmitter } from 'eventemitter3'
import { connectScheduler } from '../client/scheduler-connection.ts'
import type { Json } from '../domain/json.ts'
import { getFrom } from '../domain/persistent-map.ts'
import type { TaskRequest } from '../domain/task-request.ts'
import { JarcastError } from '../errors.ts'
import { createRuntime, describeRejection } from '../journal/runtime.ts'
import type { Runtime } from '../journal/runtime.ts'
import { schedulerMachine } from '../machines/scheduler.ts'
import type { SchedulerSnapshot } from '../machines/scheduler.ts'
import type { SchedulerFact, SchedulerInboxEvent } from '../machines/scheduler-events.ts'
import type { JarServer } from '../server/jar-server.ts'
import type { FrameworkEvents } from './events.ts'
import { createDeliveryServer } from './delivery-server.ts'
import type { DeliveryServer } from './delivery-server.ts'
import { createDeferred } from './deferred.ts'
import type { Deferred } from './deferred.ts'
import { createFactReporter } from './facts.ts'
import { schedulerInputOf } from './framework-info.ts'
import { toSettings } from './options.ts'
import type { FrameworkOptions, FrameworkSettings } from './options.ts'
import { createPerformer } from './performer.ts'
import { openRunJournal } from './run-journal.ts'
import { prepareShipment } from './shipment.ts'
import { alreadyRuns, toGroupRequests, toRequest } from './task-options.ts'
import type { TaskOptions } from './task-options.ts'

export interface Framework extends Pick<EventEmitter<FrameworkEvents>, 'on' | 'once' | 'off'> {
  /**
   * Stages the libraries, then subscribes; resolves once registered. Called again, it gives the same promise.
   * Errors: those of staging, before anything is registered; `CONFIG_INVALID`; `MASTER_UNREACHABLE` when the
   * timeout is over; `MASTER_REJECTED` with the master's reason.
   */
  start(): Promise<void>
  /**
   * Runs one task, starting the framework if need be, and resolves with its result (undefined for a shell command).
   * Errors: `TASK_INVALID` before it is submitted; else the code that the executor gave, or `TASK_FAILED`, with
   * `details`: `taskId`, `state`, `reason`, `message`, `hostname`, `exitStatus`, `logTail`, as far as known;
   * `FRAMEWORK_STOPPED` when the framework stops first.
   */
  run(task: TaskOptions): Promise<Json | undefined>
  /**
   * Runs tasks on one agent that start together, and end together when one of them does not finish. Resolves with
   * their results, in their order. Rejects with the error of the first that failed.
   * Errors: as of `run`; `TASK_INVALID` for a group that Mesos would refuse. They are not tried again one by one, so
   * none may have `retry`.
   */
  runGroup(
    tasks: readonly TaskOptions[],
    options?: { readonly id?: string },
  ): Promise<readonly (Json | undefined)[]>
  /** Kills a task, and with it its group; its `run` rejects. One that waits for an offer is only forgotten. */
  kill(taskId: string): void
  /** Takes no more tasks, waits until all are over, then stops. */
  drain(): Promise<void>
  /**
   * Tears the framework down, with whatever runs. Detached, Mesos keeps it for its failover timeout, and a start with
   * the same journal within that time goes on with it.
   */
  stop(options?: { readonly detach?: boolean }): Promise<void>
  /** Given by the master. */
  readonly frameworkId: string | undefined
  /** The jar server, once it listens. */
  readonly jarServer: JarServer | undefined
  /** State of the scheduler machine; undefined before the start. */
  readonly snapshot: SchedulerSnapshot | undefined
}

/** A framework on a Mesos master that ships libraries to its executors. Nothing happens before `start` or `run`. */
export function createFramework(options: FrameworkOptions): Framework {
  const settings = toSettings(options)
  const emitter = new EventEmitter<FrameworkEvents>()
  const results = new Map<string, Deferred<Json | undefined>>()
  const registered = createDeferred<void>()
  const ended = createDeferred<void>()
  let composing: Promise<Parts> | undefined
  const staging = new AbortController()
  let parts: Parts | undefined

  emitter.once('framework.registered', () => {
    registered.resolve()
  })
  emitter.on('task.ended', ({ taskId, report, error }) => {
    if (error === undefined) results.get(taskId)?.resolve(report?.result)
    else results.get(taskId)?.reject(error)
    results.delete(taskId)
  })
  emitter.on('framework.stopped', () => void end(stopped()))
  emitter.on('framework.failed', (error) => void end(error))

  async function compose(): Promise<Parts> {
    parts = await composeFramework(options, settings, emitter, staging.signal)
    parts.runtime.start()
    // The run in the journal is over: there is nothing to register, but outcomes to tell.
    if (!isActive(parts)) registered.resolve()
    return parts
  }

  async function start(): Promise<void> {
    composing ??= compose()
    await composing
    await registered.promise
  }

  /** A task whose end the journal knows is not submitted again: its outcome is told. */
  async function submit(requests: readonly TaskRequest[]): Promise<void> {
    composing ??= compose()
    const { runtime, report } = await composing
    const { outcomes } = runtime.snapshot.context
    const open = requests.filter(({ id }) => getFrom(outcomes, id) === undefined)
    for (const { id } of requests) {
      const outcome = getFrom(outcomes, id)
      if (outcome !== undefined) report(outcome)
    }
    if (open.length === 0) return
    await start()
    if (runtime.snapshot.status !== 'active') throw stopped()
    runtime.dispatch({ type: 'task.submit', requests: open })
  }

  async function runAll(requests: readonly TaskRequest[]): Promise<(Json | undefined)[]> {
    const known = requests.find(({ id }) => results.has(id))
    if (known !== undefined) throw alreadyRuns(known.id)
    const waiting = requests.map(({ id }) => {
      const result = createDeferred<Json | undefined>()
      results.set(id, result)
      return result.promise
    })
    await submit(requests).catch((error: unknown) => {
      for (const { id } of requests) results.delete(id)
      throw error
    })
    return await Promise.all(waiting)
  }

  async function end(reason: JarcastError): Promise<void> {
    parts?.runtime.stop()
    registered.reject(reason)
    for (const result of results.values()) result.reject(reason)
    results.clear()
    // Whoever waits for the end hears of what could not be closed.
    await (parts?.close() ?? Promise.resolve()).then(ended.resolve, ended.reject)
  }

  async function finish(event: SchedulerInboxEvent): Promise<void> {
    // A start that failed has nothing left to stop.
    const running = await composing?.catch(() => undefined)
    if (running === undefined) return
    if (!isActive(running)) await end(stopped())
    running.runtime.dispatch(event)
    await ended.promise
  }

  async function leave(): Promise<void> {
    if ((await composing?.catch(() => undefined)) === undefined) return
    await end(stopped())
    await ended.promise
  }

  return {
    on: emitter.on.bind(emitter),
    once: emitter.once.bind(emitter),
    off: emitter.off.bind(emitter),
    start,
    async run(task) {
      const [result] = await runAll([toRequest(task, settings)])
      return result
    },
    runGroup: async (tasks, { id } = {}) => await runAll(toGroupRequests(tasks, id, settings)),
    kill: (taskId) => parts?.runtime.dispatch({ type: 'task.kill', taskId }),
    drain: () => finish({ type: 'framework.drain' }),
    async stop({ detach = false } = {}) {
      staging.abort(stopped())
      // With a journal the run is not over: the next start goes on with it, as after a crash.
      if (detach && settings.journal !== undefined) await leave()
      else await finish({ type: 'framework.stop', detach })
    },
    get frameworkId() {
      return parts?.runtime.snapshot.context.frameworkId
    },
    get jarServer() {
      return parts?.deliveryServer.server
    },
    get snapshot() {
      return parts?.runtime.snapshot
    },
  }
}

/** What a running framework is made of. */
interface Parts {
  readonly runtime: Runtime<typeof schedulerMachine>
  readonly deliveryServer: DeliveryServer
  /** Tells the framework's listeners. */
  report(fact: SchedulerFact): void
  /** Ends what the machine did not end itself, and lets go of the journal and of what was staged. */
  close(): Promise<void>
}

/** The picture above, wired. Errors: those of the journal and of staging. */
async function composeFramework(
  options: FrameworkOptions,
  settings: FrameworkSettings,
  emitter: EventEmitter<FrameworkEvents>,
  signal: AbortSignal,
): Promise<Parts> {
  // Refuses what it cannot use before anything is opened, and dials nothing yet.
  const { masters, mediaType, credentials, tls } = settings
  const connection = connectScheduler(masters, {
    mediaType,
    ...(credentials === undefined ? {} : { credentials }),
    ...(tls === undefined ? {} : { tls }),
  })
  const fresh = schedulerInputOf(settings)
  const kept =
    settings.journal === undefined ? undefined : await openRunJournal(settings.journal, fresh)
  const shipment = await prepareShipment(settings, emitter, signal).catch(
    async (error: unknown) => {
      await kept?.journal.close?.()
      throw error
    },
  )
  const deliveryServer = createDeliveryServer(shipment, settings, connection, emitter)
  const reportAt = createFactReporter(emitter)
  const report = (fact: SchedulerFact): void => {
    reportAt(fact, runtime.now())
  }
  const runtime = createRuntime(schedulerMachine, {
    input: kept?.input ?? fresh,
    journal: kept?.journal,
    recoveryEvent: { type: 'process.restarted' },
    perform: createPerformer({
      connection,
      deliveryServer,
      dispatch: (event) => {
        runtime.dispatch(event)
      },
    }),
    onEmitted: report,
    onRejected: (rejection) => {
      const { seq, event } = rejection
      const message = describeRejection(rejection)
      emitter.emit('event.rejected', { seq, event: event.type, message })
    },
    onError: (error) => {
      emitter.emit('framework.failed', failureOf(error))
    },
    inspect: options.inspect,
  })
  return {
    runtime,
    deliveryServer,
    report,
    async close() {
      await Promise.all([connection.close(), deliveryServer.stop()])
      await kept?.journal.close?.()
      await shipment?.remove()
    },
  }
}

function isActive({ runtime }: Parts): boolean {
  return runtime.snapshot.status === 'active'
}

/** What a journal that takes no more says is said as it is; the rest is a fault of ours. */
function failureOf(error: unknown): JarcastError {
  if (error instanceof JarcastError) return error
  const message = `the scheduler cannot go on: ${String(error)}`
  return new JarcastError('FRAMEWORK_FAILED', message, { cause: error })
}

function stopped(): JarcastError {
  return new JarcastError('FRAMEWORK_STOPPED', 'the framework has stopped')
}
