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
import type { Json } from '../domain/json.ts'
import type { TaskRequest } from '../domain/tasks/task-request.ts'
import { JarcastError } from '../errors.ts'
import type { SchedulerSnapshot } from '../machines/scheduler/scheduler.ts'
import type { SchedulerInboxEvent } from '../machines/scheduler/events.ts'
import type { JarServer } from '../server/jar-server.ts'
import type { FrameworkEvents } from './facts/events.ts'
import { createDeferred } from '../deferred.ts'
import type { Deferred } from '../deferred.ts'
import { toSettings } from './options/options.ts'
import type { FrameworkOptions, FrameworkSettings } from './options/options.ts'
import { composeFramework } from './compose.ts'
import type { Parts } from './compose.ts'
import { createLibraryChanges } from './delivery/library-changes.ts'
import type { FrameworkLibraries } from './delivery/library-changes.ts'
import { createRequests } from './requests/requests.ts'
import type { FrameworkRequests } from './requests/requests.ts'
import { alreadyRuns, toGroupRequests, toRequest } from './requests/task-options.ts'
import type { TaskOptions } from './requests/task-options.ts'
import { descriptionOf, frameworkIdOf, isActive, outcomeOf } from './state/selectors.ts'

export interface Framework
  extends Pick<EventEmitter<FrameworkEvents>, 'on' | 'once' | 'off'>, FrameworkRequests {
  /**
   * Stages the libraries, then subscribes; resolves once registered. Called again, it gives the same promise.
   * Errors: those of staging, before anything is registered; `CONFIG_INVALID`; `MASTER_UNREACHABLE` when the
   * timeout is over; `MASTER_REJECTED` with the master's reason; `FRAMEWORK_REMOVED` when the id or the journal is of a
   * framework that the master has removed.
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
  /**
   * Kills a task, and with it its group, again and again until Mesos says that it is over; its `run` rejects. One that
   * waits for an offer is only forgotten. `graceMs` lies between SIGTERM and SIGKILL; default: what the task was submitted with.
   * Mesos ignores it for plain commands: for these, only `killGraceMs` of the task counts.
   */
  kill(taskId: string, options?: { readonly graceMs?: number }): void
  /** Takes no more tasks, waits until all are over, then stops. */
  drain(): Promise<void>
  /**
   * Tears the framework down, with whatever runs. Detached, Mesos keeps it for its failover timeout, and a start with
   * the same journal within that time goes on with it.
   */
  stop(options?: { readonly detach?: boolean }): Promise<void>
  /** Its libraries, and changes of them while it runs. */
  readonly libraries: FrameworkLibraries
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

  const tell = (event: SchedulerInboxEvent): void => parts?.runtime.dispatch(event)
  const { close: closeRequests, ...requests } = createRequests({ emitter, ready, tell })
  const libraries = createLibraryChanges({
    emitter,
    settings,
    ready,
    snapshot: () => parts?.runtime.snapshot,
  })

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
    parts.start()
    // The run in the journal is over: there is nothing to register, but outcomes to tell.
    if (!isActive(parts.runtime.snapshot)) registered.resolve()
    return parts
  }

  async function start(): Promise<void> {
    composing ??= compose()
    await composing
    await registered.promise
  }

  async function ready() {
    await start()
    if (parts === undefined || !isActive(parts.runtime.snapshot)) throw stopped()
    const { runtime, deliveryServer } = parts
    return {
      dispatch: runtime.dispatch,
      description: () => descriptionOf(runtime.snapshot),
      deliveryServer,
    }
  }

  /** A task whose end the journal knows is not submitted again: its outcome is told. */
  async function submit(requests: readonly TaskRequest[]): Promise<void> {
    composing ??= compose()
    const { runtime, report } = await composing
    const open = requests.filter(({ id }) => outcomeOf(runtime.snapshot, id) === undefined)
    for (const { id } of requests) {
      const outcome = outcomeOf(runtime.snapshot, id)
      if (outcome !== undefined) report(outcome)
    }
    if (open.length === 0) return
    await start()
    if (!isActive(runtime.snapshot)) throw stopped()
    runtime.dispatch({ type: 'task.submit', requests: open })
  }

  /** With the roles that the master knows since the last update. */
  function current(): FrameworkSettings {
    const roles = parts && descriptionOf(parts.runtime.snapshot).framework.roles
    return roles === undefined ? settings : { ...settings, roles }
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
    closeRequests(reason)
    libraries.close(reason)
    // Whoever waits for the end hears of what could not be closed.
    await (parts?.close() ?? Promise.resolve()).then(ended.resolve, ended.reject)
  }

  async function finish(event: SchedulerInboxEvent): Promise<void> {
    // A start that failed has nothing left to stop.
    const running = await composing?.catch(() => undefined)
    if (running === undefined) return
    if (!isActive(running.runtime.snapshot)) await end(stopped())
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
      const [result] = await runAll([toRequest(task, current())])
      return result
    },
    runGroup: async (tasks, { id } = {}) => await runAll(toGroupRequests(tasks, id, current())),
    kill: (taskId, options = {}) => tell({ type: 'task.kill', taskId, ...options }),
    ...requests,
    libraries,
    drain: () => finish({ type: 'framework.drain' }),
    async stop({ detach = false } = {}) {
      staging.abort(stopped())
      // With a journal the run is not over: the next start goes on with it, as after a crash.
      if (detach && settings.journal !== undefined) await leave()
      else await finish({ type: 'framework.stop', detach })
    },
    get frameworkId() {
      return parts && frameworkIdOf(parts.runtime.snapshot)
    },
    get jarServer() {
      return parts?.deliveryServer.server
    },
    get snapshot() {
      return parts?.runtime.snapshot
    },
  }
}

function stopped(): JarcastError {
  return new JarcastError('FRAMEWORK_STOPPED', 'the framework has stopped')
}
