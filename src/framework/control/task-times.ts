/** When tasks started and ended: no state of the scheduler has that. */
import { parseLaunchId } from '../../domain/tasks/task-request.ts'
import type { Entry } from '../../journal/journal.ts'
import type { SchedulerInboxEvent } from '../../machines/scheduler/events.ts'
import { isTerminal } from '../../mesos/states.ts'
import type { FrameworkFact } from '../facts/events.ts'

/** Ms since the epoch. */
export interface TaskTime {
  readonly attempt: number
  readonly startedAt?: number
  readonly endedAt?: number
}

export type TaskTimes = Map<string, TaskTime>

/** Notes what a fact tells. */
export function noteFact(times: TaskTimes, fact: FrameworkFact): void {
  if (fact.type !== 'task.updated' && fact.type !== 'task.ended') return
  const { taskId, attempt, state, at } = fact
  note(times, { taskId, attempt, state, at, isEnd: fact.type === 'task.ended' })
}

/** Notes what an entry of the scheduler's journal tells, without its machine. */
export function noteEntry(times: TaskTimes, { event, now }: Entry): void {
  if (event?.type !== 'mesos.update') return
  const { taskId, state } = (event as MesosUpdate).status
  const { id, attempt } = parseLaunchId(taskId.value)
  note(times, { taskId: id, attempt, state, at: now, isEnd: isTerminal(state) })
}

type MesosUpdate = Extract<SchedulerInboxEvent, { readonly type: 'mesos.update' }>

interface News {
  readonly taskId: string
  readonly attempt: number
  readonly state: string | undefined
  readonly at: number
  readonly isEnd: boolean
}

function note(times: TaskTimes, { taskId, attempt, state, at, isEnd }: News): void {
  const found = times.get(taskId)
  if (found !== undefined && found.attempt > attempt) return
  const known: TaskTime = found?.attempt === attempt ? found : { attempt }
  if (isEnd) times.set(taskId, { endedAt: at, ...known })
  else if (state === 'TASK_RUNNING') times.set(taskId, { startedAt: at, ...known })
}
