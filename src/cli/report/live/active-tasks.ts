/** The tasks on agents now, a line each: where, and for how long. */
import { formatElapsed, shorten } from '../../output/printable.ts'
import { shortTaskLabel } from '../../output/task-label.ts'
import type { ReportedEvent } from '../record/reported-event.ts'

interface ActiveTask {
  readonly hostname: string
  /** Time of its launch, ms since the epoch. */
  readonly since: number
  readonly isRunning: boolean
}

const maxHost = 24
const minTask = 12
const timeWidth = 22

export class ActiveTasks {
  /** In the order of their launches: those that have taken longest first. */
  readonly #tasks = new Map<string, ActiveTask>()

  get count(): number {
    return this.#tasks.size
  }

  record({ event, payload, at }: ReportedEvent): void {
    switch (event) {
      case 'task.launched': {
        const { taskId, hostname } = payload
        this.#tasks.delete(taskId)
        this.#tasks.set(taskId, { hostname, since: at, isRunning: false })
        return
      }
      case 'task.updated': {
        const task = this.#tasks.get(payload.taskId)
        if (task !== undefined && payload.state === 'TASK_RUNNING')
          this.#tasks.set(payload.taskId, { ...task, isRunning: true })
        return
      }
      case 'task.retried':
      case 'task.ended':
        this.#tasks.delete(payload.taskId)
        return
      default:
    }
  }

  /** At most `limit` lines; the last one counts the rest. */
  lines(limit: number, columns: number, now: number): readonly string[] {
    const count = this.#tasks.size <= limit ? limit : limit - 1
    const lines: string[] = []
    for (const [taskId, task] of this.#tasks) {
      if (lines.length >= count) break
      lines.push(lineOf(taskId, task, columns, now))
    }
    const more = this.#tasks.size - lines.length
    return more === 0 ? lines : [...lines, ` … and ${more} more on agents`]
  }
}

function lineOf(
  taskId: string,
  { hostname, since, isRunning }: ActiveTask,
  columns: number,
  now: number,
): string {
  const hostWidth = Math.min(maxHost, Math.floor(columns / 4))
  const taskWidth = Math.max(minTask, columns - hostWidth - timeWidth - 3)
  const task = shorten(shortTaskLabel(taskId), taskWidth).padEnd(Math.min(taskWidth, maxTaskPad))
  const host = shorten(hostname, hostWidth).padEnd(hostWidth)
  const state = isRunning ? 'running' : 'starting'
  return ` ${task} ${host} ${state} ${formatElapsed(now - since)}`
}

/** So wide that most lines have their hosts in one column. */
const maxTaskPad = 34
