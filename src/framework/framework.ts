/** A framework as its user sees it. The streams between its parts are in `compose.ts`. */
import { defined } from '../defined.ts'
import type { EventEmitter } from 'eventemitter3'
import type { SchedulerSnapshot } from '../machines/scheduler/scheduler.ts'
import type { JarServer } from '../server/jar-server.ts'
import { createFunctionLibraries } from './delivery/function-libraries.ts'
import { createLibraryChanges } from './delivery/library-changes.ts'
import type { FrameworkLibraries } from './delivery/library-changes.ts'
import { createEmitter } from './facts/emitter.ts'
import type { FrameworkEvents } from './facts/events.ts'
import { createStreams } from './facts/streams.ts'
import type { FrameworkStreams, PublicStreams } from './facts/streams.ts'
import { makeWatchable } from './inspection/watchable.ts'
import { Lifecycle } from './lifecycle.ts'
import { toSettings } from './options/settings.ts'
import type { FrameworkOptions } from './options/options.ts'
import { agentsWith } from './agents/agents-with.ts'
import { createPrefetch } from './requests/prefetch.ts'
import type { Prefetch } from './requests/prefetch.ts'
import { readAgents } from './agents/read-agents.ts'
import { createRequests } from './requests/requests.ts'
import type { FrameworkRequests } from './requests/requests.ts'
import { createTaskRuns } from './requests/task-runs.ts'
import type { TaskRuns } from './requests/task-runs.ts'
import { descriptionOf, frameworkIdOf } from './state/selectors.ts'
import { submitTasks } from './submit-tasks.ts'

/**
 * `on`, `once`, `off`: the facts and the progress of the run as events of eventemitter3. A listener
 * that throws is an uncaught exception; the run continues.
 */
export interface Framework
  extends
    Pick<EventEmitter<FrameworkEvents>, 'on' | 'once' | 'off'>,
    PublicStreams,
    TaskRuns,
    FrameworkRequests {
  /**
   * Stages the libraries, then subscribes; resolves once registered. Later calls give the same
   * promise. Errors: those of staging, before anything is registered; `CONFIG_INVALID`;
   * `MASTER_UNREACHABLE` after the timeout; `MASTER_REJECTED` with the master's reason;
   * `FRAMEWORK_REMOVED` if the id or the journal is of a framework that the master has removed.
   */
  start(): Promise<void>
  /**
   * Kills a task and its group: KILL is resent until Mesos reports the end, and `run` rejects. A
   * task that waits for an offer only ends. `graceMs` is the time between SIGTERM and SIGKILL;
   * default: that of the task. Mesos ignores it for plain commands, which keep their
   * `killGraceMs`.
   */
  kill(taskId: string, options?: { readonly graceMs?: number }): void
  /** Takes no more tasks, waits until all have ended, then stops. */
  drain(): Promise<void>
  /**
   * Tears the framework down; Mesos ends its tasks. With `detach`, Mesos keeps the framework for
   * its failover timeout, and a start with the same journal within that time continues it.
   */
  stop(options?: { readonly detach?: boolean }): Promise<void>
  /** The framework's libraries, and changes of them while it runs. */
  readonly libraries: FrameworkLibraries & { readonly prefetch: Prefetch }
  /** Given by the master. */
  readonly frameworkId: string | undefined
  /** The jar server, once it listens. */
  readonly jarServer: JarServer | undefined
  /** State of the scheduler machine; undefined before the start. */
  readonly snapshot: SchedulerSnapshot | undefined
}

/** Creates a framework that ships libraries to its executors. It dials nothing before its start. */
export function createFramework(options: FrameworkOptions): Framework {
  const complete = toSettings(options)
  // Grows until the start, by functions that are run before it.
  const libraries = [...complete.libraries]
  const settings = { ...complete, libraries }
  const streams: FrameworkStreams = createStreams({
    snapshot,
    lastFactOf: (taskId) => life.parts?.lastFactOf(taskId),
  })
  const life = new Lifecycle({ settings, streams, inspect: options.inspect })
  const emitter = createEmitter(streams.fact$, streams.progress$)
  const dispatch = life.dispatch.bind(life)
  const ready = async () => {
    const { runtime, deliveryServer } = await life.ready()
    return { dispatch: runtime.dispatch, snapshot: runtime.snapshot, deliveryServer }
  }

  const changes = createLibraryChanges({ ...streams, settings, ready, snapshot })
  const functions = createFunctionLibraries({
    ...settings,
    report: streams.report,
    async add(library) {
      if (life.hasBegun) return await changes.add(library)
      libraries.push(library)
      return await life.open()
    },
  })

  function snapshot(): SchedulerSnapshot | undefined {
    return life.parts?.runtime.snapshot
  }

  const runs = createTaskRuns({
    ...streams,
    settings: () => ({ ...settings, ...rolesIn(snapshot()) }),
    submit: (requests) => submitTasks(life, streams.publish, requests),
    ship: functions.ship,
  })
  const requests = createRequests({ run$: streams.run$, ready, dispatch })
  const kill: Framework['kill'] = (taskId, options = {}) =>
    dispatch({ type: 'task.kill', taskId, ...options })
  const prefetch = createPrefetch({
    laterTask$: streams.laterTask$,
    ...runs,
    ...requests,
    kill,
    start: () => life.start(),
    hasLibraries: () => changes.current !== undefined,
    agentsWith: async (constraints) => {
      const { offers } = await readAgents(settings)
      return agentsWith(offers, constraints)
    },
  })

  const framework: Framework = {
    on: emitter.on.bind(emitter),
    once: emitter.once.bind(emitter),
    off: emitter.off.bind(emitter),
    fact$: streams.fact$,
    state$: streams.state$,
    task$: streams.task$,
    progress$: streams.progress$,
    ...runs,
    ...requests,
    libraries: Object.assign(changes, { prefetch }),
    start: () => life.start(),
    kill,
    drain: () => life.drain(),
    stop: ({ detach = false } = {}) => life.stop(detach),
    get frameworkId() {
      const known = snapshot()
      return known && frameworkIdOf(known)
    },
    get jarServer() {
      return life.parts?.deliveryServer.server
    },
    get snapshot() {
      return snapshot()
    },
  }
  makeWatchable(framework, {
    name: settings.name,
    credentials: settings.credentials,
    tls: settings.tls,
    onRun: (listener) => life.onRun(listener),
  })
  return framework
}

/** The roles that the master has accepted last. */
function rolesIn(snapshot: SchedulerSnapshot | undefined): { readonly roles?: readonly string[] } {
  const roles = snapshot && descriptionOf(snapshot).framework.roles
  return defined({ roles })
}
