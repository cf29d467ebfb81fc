/** The rows and the sums of a run, counted from its events. */
import { defined } from '../../../defined.ts'
import type { TaskEnded, TaskLaunched } from '../../../framework/facts/events.ts'
import type { ReportedEvent } from './reported-event.ts'

export interface RunRow {
  readonly taskId: string
  readonly agentId?: string
  readonly hostname?: string
  /** From launch to end of the last attempt. Absent for a task that was never launched. */
  readonly durationMs?: number
  /** Absent until the task has ended. */
  readonly end?: TaskEnded
}

export interface RunTotals {
  readonly launched: number
  readonly finished: number
  readonly failed: number
  readonly retried: number
  readonly requests: number
  readonly bytesServed: number
  /** Libraries that executors downloaded. */
  readonly fetched: number
  /** Bytes that they received for these. */
  readonly fetchedBytes: number
  /** Libraries that executors found in their host cache. */
  readonly cacheHits: number
  readonly corrupted: number
}

export interface RunLog {
  record(event: ReportedEvent): void
  isOver(taskId: string): boolean
  /** In the order of the given ids, then of their launches. */
  rows(): readonly RunRow[]
  totals(): RunTotals
  /** The agent's host, or its id if no task was launched there. */
  hostOf(agentId: string): string
  durationMsOf(taskId: string): number | undefined
}

interface Run {
  launch?: TaskLaunched
  end?: TaskEnded
}

/** A log in which the tasks of these ids are not launched yet. */
export function createRunLog(taskIds: readonly string[] = []): RunLog {
  const runs = new Map<string, Run>(taskIds.map((taskId) => [taskId, {}]))
  const hosts = new Map<string, string>()
  const totals = noTotals()

  function runOf(taskId: string): Run {
    const run = runs.get(taskId) ?? {}
    runs.set(taskId, run)
    return run
  }

  function isOver(taskId: string): boolean {
    return runs.get(taskId)?.end !== undefined
  }

  function record({ event, payload }: ReportedEvent): void {
    switch (event) {
      case 'task.launched':
        runOf(payload.taskId).launch = payload
        hosts.set(payload.agentId, payload.hostname)
        totals.launched += 1
        return
      case 'task.ended':
        // With a journal, the end is repeated to each caller that submits the task again.
        if (isOver(payload.taskId)) return
        runOf(payload.taskId).end = payload
        totals[payload.error === undefined ? 'finished' : 'failed'] += 1
        return
      case 'task.retried':
        totals.retried += 1
        return
      case 'library.fetched':
        if (payload.source === 'cache') {
          totals.cacheHits += 1
          return
        }
        totals.fetched += 1
        totals.fetchedBytes += payload.receivedBytes ?? payload.sizeBytes
        return
      case 'library.corrupted':
        totals.corrupted += 1
        return
      case 'jarServer.stopped':
        totals.requests = payload.requests
        totals.bytesServed = payload.bytesServed
        return
      default:
    }
  }

  return {
    record,
    isOver,
    rows: () => [...runs].map(([taskId, run]) => toRow(taskId, run)),
    totals: () => ({ ...totals }),
    hostOf: (agentId) => hosts.get(agentId) ?? agentId,
    durationMsOf: (taskId) => durationMs(runs.get(taskId) ?? {}),
  }
}

function noTotals(): { -readonly [Name in keyof RunTotals]: number } {
  return {
    launched: 0,
    finished: 0,
    failed: 0,
    retried: 0,
    requests: 0,
    bytesServed: 0,
    fetched: 0,
    fetchedBytes: 0,
    cacheHits: 0,
    corrupted: 0,
  }
}

function toRow(taskId: string, run: Run): RunRow {
  const { launch, end } = run
  const { agentId, hostname } = launch ?? {}
  return { taskId, ...defined({ agentId, hostname, durationMs: durationMs(run), end }) }
}

function durationMs({ launch, end }: Run): number | undefined {
  return launch === undefined || end === undefined ? undefined : Math.max(0, end.at - launch.at)
}
