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

export class StatusUpdates {
  readonly #options: StatusUpdatesOptions
  readonly #retryMs: number
  readonly #streams = new Map<string, UpdateStream>()
  #isPaused = false

  constructor(options: StatusUpdatesOptions) {
    this.#options = options
    this.#retryMs = options.retryMs ?? defaultRetryMs
  }

  /** Queues an update. Drops one with a known uuid, or after a terminal update. */
  add(frameworkId: string, status: TaskStatus): void {
    const stream = streamOf(this.#streams, frameworkId, status.taskId.value)
    if (!acceptUpdate(stream, status)) return
    stream.pending.push(status)
    if (stream.pending.length === 1) this.#sendFirst(stream)
  }

  /** True if this update was added before. */
  hasSeen(frameworkId: string, { taskId, uuid = '' }: TaskStatus): boolean {
    return this.#streams.get(keyOf(frameworkId, taskId.value))?.seenUuids.has(uuid) === true
  }

  /** The unacknowledged update of a task. */
  inFlight(frameworkId: string, taskId: string): TaskStatus | undefined {
    return this.#streams.get(keyOf(frameworkId, taskId))?.pending[0]
  }

  acknowledge(frameworkId: string, taskId: string, uuid: string): void {
    const stream = this.#streams.get(keyOf(frameworkId, taskId))
    const first = stream?.pending[0]
    if (stream === undefined || first?.uuid !== uuid) return
    stream.pending.shift()
    clearTimeout(stream.timer)
    if (isTerminal(first.state)) {
      this.#remove(stream)
      this.#options.onTaskDone(frameworkId, taskId)
    } else {
      this.#sendFirst(stream)
    }
  }

  /** Keeps updates until `resume`, while there is no master. */
  pause(): void {
    this.#isPaused = true
    for (const stream of this.#streams.values()) clearTimeout(stream.timer)
  }

  /** Resends the update in flight of every task. */
  resume(): void {
    this.#isPaused = false
    for (const stream of this.#streams.values()) this.#sendFirst(stream)
  }

  /** Resends the updates in flight of a framework that subscribed again, with a new back-off. */
  resend(frameworkId: string): void {
    for (const stream of this.#streams.values()) {
      const isWaiting = !this.#isPaused && stream.pending.length > 0
      if (stream.frameworkId !== frameworkId || !isWaiting) continue
      clearTimeout(stream.timer)
      stream.timer = setTimeout(() => this.#sendFirst(stream), resendMs)
    }
  }

  dropFramework(frameworkId: string): void {
    for (const stream of this.#streams.values())
      if (stream.frameworkId === frameworkId) this.#remove(stream)
  }

  close(): void {
    for (const stream of this.#streams.values()) this.#remove(stream)
  }

  #sendFirst(stream: UpdateStream, waitMs = this.#retryMs): void {
    clearTimeout(stream.timer)
    if (this.#isPaused) return
    const [first] = stream.pending
    const latest = stream.pending.at(-1)
    if (first === undefined || latest === undefined) return
    const nextMs = Math.min(waitMs * 2, this.#retryMs * longestRetryFactor)
    stream.timer = setTimeout(() => this.#sendFirst(stream, nextMs), waitMs)
    this.#options.forward(stream.frameworkId, first, latest)
  }

  #remove(stream: UpdateStream): void {
    clearTimeout(stream.timer)
    this.#streams.delete(keyOf(stream.frameworkId, stream.taskId))
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
