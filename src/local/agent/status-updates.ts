/**
 * Delivers each task's status updates in order: one in flight, resent until it is acknowledged:
 * after 10 s, then with exponential back-off up to 10 min. The acknowledgement of a terminal update
 * ends the task's stream.
 * Source: apache/mesos src/slave/task_status_update_manager.cpp, src/slave/constants.hpp.
 */
import { isTerminal } from '../../mesos/states.ts'
import type { TaskStatus } from '../../mesos/types.generated.ts'

export interface StatusUpdatesOptions {
  /** First delay before an update is resent, in ms. Default 10,000. Maximum: 60 times it. */
  readonly retryMs?: number
  /** Sends one update to the master. `latest`: the newest known status of the task. */
  readonly forward: (frameworkId: string, status: TaskStatus, latest: TaskStatus) => void
  /** The terminal update of a task was acknowledged. */
  readonly onTaskDone: (frameworkId: string, taskId: string) => void
}

export interface StatusUpdates {
  /** Queues an update. Drops one with a known uuid, or after a terminal update. */
  add(frameworkId: string, status: TaskStatus): void
  /** True if this update was added before. */
  hasSeen(frameworkId: string, status: TaskStatus): boolean
  /** The unacknowledged update of a task. */
  inFlight(frameworkId: string, taskId: string): TaskStatus | undefined
  acknowledge(frameworkId: string, taskId: string, uuid: string): void
  /** Keeps updates until `resume`, while there is no master. */
  pause(): void
  /** Resends the update in flight of every task. */
  resume(): void
  /**
   * Sends the updates in flight of a framework that subscribed again, and restarts their back-off.
   */
  resend(frameworkId: string): void
  dropFramework(frameworkId: string): void
  close(): void
}

interface UpdateStream {
  readonly frameworkId: string
  readonly taskId: string
  readonly pending: TaskStatus[]
  readonly seenUuids: Set<string>
  isTerminated: boolean
  timer: NodeJS.Timeout | undefined
}

const defaultRetryMs = 10_000
const longestRetryFactor = 60
/**
 * Delay before updates are sent to a framework that subscribed again. In recordings of Mesos they
 * arrive 18 to 761 ms after the answers to its reconciliation.
 */
const resendMs = 20
/** Maximum number of kept updates per task; above it, the newest non-terminal ones are dropped. */
const maxPending = 4096
const maxSeenUuids = 8192

export function createStatusUpdates(options: StatusUpdatesOptions): StatusUpdates {
  const retryMs = options.retryMs ?? defaultRetryMs
  const streams = new Map<string, UpdateStream>()
  let isPaused = false

  function sendFirst(stream: UpdateStream, waitMs: number): void {
    clearTimeout(stream.timer)
    if (isPaused) return
    const [first] = stream.pending
    const latest = stream.pending.at(-1)
    if (first === undefined || latest === undefined) return
    const nextMs = Math.min(waitMs * 2, retryMs * longestRetryFactor)
    stream.timer = setTimeout(() => sendFirst(stream, nextMs), waitMs)
    options.forward(stream.frameworkId, first, latest)
  }

  function remove(stream: UpdateStream): void {
    clearTimeout(stream.timer)
    streams.delete(keyOf(stream.frameworkId, stream.taskId))
  }

  return {
    add(frameworkId, status) {
      const stream = streamOf(streams, frameworkId, status.taskId.value)
      if (!acceptUpdate(stream, status)) return
      stream.pending.push(status)
      if (stream.pending.length === 1) sendFirst(stream, retryMs)
    },
    hasSeen(frameworkId, { taskId, uuid = '' }) {
      return streams.get(keyOf(frameworkId, taskId.value))?.seenUuids.has(uuid) === true
    },
    inFlight: (frameworkId, taskId) => streams.get(keyOf(frameworkId, taskId))?.pending[0],
    pause() {
      isPaused = true
      for (const stream of streams.values()) clearTimeout(stream.timer)
    },
    resume() {
      isPaused = false
      for (const stream of streams.values()) sendFirst(stream, retryMs)
    },
    acknowledge(frameworkId, taskId, uuid) {
      const stream = streams.get(keyOf(frameworkId, taskId))
      const first = stream?.pending[0]
      if (stream === undefined || first?.uuid !== uuid) return
      stream.pending.shift()
      clearTimeout(stream.timer)
      if (isTerminal(first.state)) {
        remove(stream)
        options.onTaskDone(frameworkId, taskId)
      } else {
        sendFirst(stream, retryMs)
      }
    },
    resend(frameworkId) {
      for (const stream of streams.values()) {
        const isWaiting = !isPaused && stream.pending.length > 0
        if (stream.frameworkId !== frameworkId || !isWaiting) continue
        clearTimeout(stream.timer)
        stream.timer = setTimeout(() => sendFirst(stream, retryMs), resendMs)
      }
    },
    dropFramework(frameworkId) {
      for (const stream of streams.values()) if (stream.frameworkId === frameworkId) remove(stream)
    },
    close() {
      for (const stream of streams.values()) remove(stream)
    },
  }
}

function streamOf(
  streams: Map<string, UpdateStream>,
  frameworkId: string,
  taskId: string,
): UpdateStream {
  const key = keyOf(frameworkId, taskId)
  const stream = streams.get(key) ?? {
    frameworkId,
    taskId,
    pending: [],
    seenUuids: new Set<string>(),
    isTerminated: false,
    timer: undefined,
  }
  streams.set(key, stream)
  return stream
}

function acceptUpdate(stream: UpdateStream, status: TaskStatus): boolean {
  const uuid = status.uuid ?? ''
  const isEnd = isTerminal(status.state)
  if (stream.isTerminated || stream.seenUuids.has(uuid)) return false
  if (!isEnd && stream.pending.length >= maxPending) return false
  if (stream.seenUuids.size >= maxSeenUuids) stream.seenUuids.clear()
  stream.seenUuids.add(uuid)
  stream.isTerminated = isEnd
  return true
}

function keyOf(frameworkId: string, taskId: string): string {
  return `${frameworkId}/${taskId}`
}
