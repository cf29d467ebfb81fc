/** The tasks of a run, from the state of its scheduler. */
import { defined } from '../../defined.ts'
import { entriesOf } from '../../domain/persistent-map.ts'
import { outcomesOf } from '../../machines/scheduler/components.ts'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'
import { findTask, tasksOf } from '../../machines/scheduler/tasks/table/task-table.ts'
import type { TaskRow } from '../../machines/scheduler/tasks/table/task-row.ts'
import type { FrameworkFacts, TaskFact } from '../facts/events.ts'
import { placeOfEnd, placeOfTask } from '../sandbox/task-place.ts'
import type { TaskPlace } from '../sandbox/task-place.ts'
import { frameworkIdOf, tasksOf as tableOf } from '../state/selectors.ts'
import type { Download, TaskView } from './run-views.ts'
import type { TaskTimes } from './task-times.ts'

export interface TaskViewsOptions {
  readonly snapshot: SchedulerSnapshot
  readonly times: TaskTimes
  readonly lastFactOf: (taskId: string) => TaskFact | undefined
  /** Ends that the state does not remember, with the places of the tasks. */
  readonly ends?: ReadonlyMap<string, EndedTask>
  readonly downloadOn?: ((hostname: string) => Download | undefined) | undefined
}

export interface EndedTask {
  readonly fact: FrameworkFacts['task.ended']
  readonly place: TaskPlace | undefined
}

/** Tasks that have not ended first. */
export function* taskViews(options: TaskViewsOptions): Generator<TaskView, void> {
  const { snapshot, ends = new Map<string, EndedTask>() } = options
  for (const row of tasksOf(tableOf(snapshot))) yield livingView(row, options)
  for (const [id] of entriesOf(outcomesOf(snapshot))) yield* endedView(id, options)
  for (const id of ends.keys()) yield* endedView(id, options)
}

/** The states of all tasks, without what takes time: their reports and results. */
export function* taskStates({
  snapshot,
  ends = new Map<string, EndedTask>(),
}: Pick<TaskViewsOptions, 'snapshot' | 'ends'>): Generator<string, void> {
  for (const { state } of tasksOf(tableOf(snapshot))) yield stateNames[state] ?? state
  const frameworkId = frameworkIdOf(snapshot) ?? ''
  for (const [, outcome] of entriesOf(outcomesOf(snapshot)))
    yield endState(outcome.status?.state, placeOfEnd(frameworkId, outcome))
  for (const { fact, place } of ends.values()) yield endState(fact.state, place)
}

export function countStates(states: Iterable<string>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1
  return counts
}

export function findTaskView(taskId: string, options: TaskViewsOptions): TaskView | undefined {
  const row = findTask(tableOf(options.snapshot), taskId)
  if (row !== undefined) return livingView(row, options)
  const [view] = endedView(taskId, options)
  return view
}

function livingView(row: TaskRow, { snapshot, times, downloadOn }: TaskViewsOptions): TaskView {
  const { request, attempt, hostname, state } = row
  const { id, name, group } = request
  const known = times.get(id)
  const isWaiting = state === 'launching' || state === 'staging' || state === 'starting'
  return {
    id,
    ...defined({ name, group, hostname }),
    state: stateNames[state] ?? state,
    isOver: false,
    isFailure: false,
    attempt,
    ...defined({
      place: placeOfTask(snapshot, id),
      startedAt: known?.attempt === attempt ? known.startedAt : undefined,
      download: isWaiting && hostname !== undefined ? downloadOn?.(hostname) : undefined,
    }),
  }
}

function* endedView(
  id: string,
  { snapshot, times, ends, lastFactOf }: TaskViewsOptions,
): Generator<TaskView, void> {
  const known = ends?.get(id)
  const fact = known?.fact ?? lastFactOf(id)
  if (fact?.type !== 'task.ended') return
  const { attempt, hostname, error, report } = fact
  const place = known?.place ?? placeOfTask(snapshot, id)
  yield {
    id,
    state: endState(fact.state, place),
    isOver: true,
    isFailure: error !== undefined,
    attempt,
    ...defined({
      hostname,
      place,
      startedAt: times.get(id)?.startedAt,
      endedAt: times.get(id)?.endedAt,
      result: report?.result,
      logTail: report?.logTail,
      exitStatus: report?.exitStatus,
      error: error && { code: error.code, message: error.message },
    }),
  }
}

function endState(state: string | undefined, place: TaskPlace | undefined): string {
  return state ?? (place === undefined ? 'not launched' : 'stopped')
}

const stateNames: Readonly<Partial<Record<TaskRow['state'], string>>> = {
  pending: 'waiting',
  staging: 'TASK_STAGING',
  starting: 'TASK_STARTING',
  running: 'TASK_RUNNING',
  dying: 'TASK_KILLING',
  unreachable: 'TASK_UNREACHABLE',
}
