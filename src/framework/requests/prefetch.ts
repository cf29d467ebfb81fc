/** Libraries on hosts before there are tasks. */
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { defined } from '../../defined.ts'
import type { TaskConstraints } from '../../domain/tasks/task-constraints.ts'
import { JarcastError, configInvalid, messageOf } from '../../errors.ts'
import type { TaskUpdated } from '../facts/events.ts'
import type { FrameworkStreams } from '../facts/streams.ts'
import type { ExecutorAddress, ExecutorRequests } from './executor-requests.ts'
import type { TaskRuns } from './task-runs.ts'

export interface PrefetchOptions {
  /** Host names. Default: the agents that the master has now and that meet `constraints`. */
  readonly agents?: readonly string[]
  /** Which of the agents. */
  readonly constraints?: TaskConstraints
  /** How long to wait for offers and downloads, ms. Default 10 minutes. */
  readonly timeoutMs?: number
  /** True keeps the executors for tasks that follow. Default: those without a task end. */
  readonly keepExecutors?: boolean
}

export interface PrefetchedAgent {
  readonly hostname: string
  /** From the request until the host has the libraries, ms. */
  readonly durationMs: number
  /** Why it has not. */
  readonly error?: JarcastError
}

export interface Prefetch {
  /**
   * Has executors on agents fetch the current libraries, from other executors or the jar server,
   * and resolves once all have them or failed. Starts the framework if needed. Errors:
   * `CONFIG_INVALID` for no agent, or a framework without libraries; those of `start`; without
   * `agents`, those of asking the master: `MASTER_UNREACHABLE`, `CALL_REJECTED`, `NOT_PERMITTED`,
   * `CREDENTIALS_REJECTED`.
   */
  (options?: PrefetchOptions): Promise<readonly PrefetchedAgent[]>
}

export interface PrefetchParts extends Pick<TaskRuns, 'run'> {
  readonly laterTask$: FrameworkStreams['laterTask$']
  readonly start: () => Promise<void>
  readonly kill: (taskId: string) => void
  readonly shutDownExecutor: ExecutorRequests['shutDownExecutor']
  readonly hasLibraries: () => boolean
  /** Host names of the agents that meet constraints. */
  readonly agentsWith: (constraints: TaskConstraints) => Promise<readonly string[]>
}

const defaultTimeoutMs = 10 * 60_000
const resources = { cpus: 0.01, memMb: 32 }

/** The host that a task of `prefetch` brings libraries to; undefined for other tasks. */
export function prefetchedHost(taskId: string): string | undefined {
  return /^prefetch-[0-9a-f]{8}-(.+)$/.exec(taskId)?.[1]
}

export function createPrefetch(parts: PrefetchParts): Prefetch {
  return async (options = {}) => {
    const { constraints = {}, timeoutMs = defaultTimeoutMs, keepExecutors = false } = options
    await parts.start()
    if (!parts.hasLibraries()) throw configInvalid('libraries', 'there are none to prefetch')
    const agents = [...new Set(options.agents ?? (await parts.agentsWith(constraints)))]
    if (agents.length === 0) throw configInvalid('agents', 'no agent meets the constraints')
    const results = await Promise.all(
      agents.map((hostname) => prefetchOn(parts, hostname, timeoutMs)),
    )
    return results.map(({ executor, ...result }) => {
      if (executor !== undefined && !keepExecutors)
        parts.shutDownExecutor(executor, { ifIdle: true })
      return result
    })
  }
}

/** Runs a task that does nothing: before it starts, its executor fetches the libraries. */
async function prefetchOn(
  { laterTask$, run, kill }: PrefetchParts,
  hostname: string,
  timeoutMs: number,
): Promise<PrefetchedAgent & { readonly executor?: ExecutorAddress }> {
  const id = `prefetch-${randomUUID().slice(0, 8)}-${hostname}`
  const begunAt = Date.now()
  let executor: ExecutorAddress | undefined
  const watching = laterTask$(id).subscribe({
    next(fact) {
      if (fact.type === 'task.updated') executor = executorIn(fact) ?? executor
    },
    // As the rejection of `run`.
    error: () => undefined,
  })
  const task = {
    id,
    name: `libraries for ${hostname}`,
    work: { kind: 'shell', command: ':' },
  } as const
  const ran = run({ ...task, resources, constraints: { hostname } }).then(() => undefined, asError)
  const ending = new AbortController()
  // Not the end of the task: that of an agent which nobody reaches may come much later.
  const late = setTimeout(timeoutMs, undefined, { signal: ending.signal }).then(
    () => {
      kill(id)
      return tooLate(hostname, timeoutMs)
    },
    () => undefined,
  )
  const error = await Promise.race([ran, late])
  ending.abort()
  watching.unsubscribe()
  return { hostname, durationMs: Date.now() - begunAt, ...defined({ error, executor }) }
}

function executorIn({ status }: TaskUpdated): ExecutorAddress | undefined {
  const [agentId, executorId] = [status?.agentId?.value, status?.executorId?.value]
  return agentId === undefined || executorId === undefined ? undefined : { agentId, executorId }
}

function tooLate(hostname: string, timeoutMs: number): JarcastError {
  const message = `${hostname} did not have the libraries within ${timeoutMs / 1000} s`
  return new JarcastError('TASK_FAILED', message, { details: { hostname } })
}

function asError(error: unknown): JarcastError {
  if (error instanceof JarcastError) return error
  return new JarcastError('TASK_FAILED', messageOf(error), { cause: error })
}
