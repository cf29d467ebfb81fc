/** Context, children and guards of the tasks machine. */
import { assertEvent, assign, enqueueActions, sendTo, setup } from 'xstate'
import { entriesOf, setIn } from '../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../domain/persistent-map.ts'
import type { SchedulerCall } from '../../../mesos/types.generated.ts'
import { reconciliationMachine } from '../reconciliation/reconciliation.ts'
import type { Absence } from './absences.ts'
import type { TasksEvent, TasksFact, TasksNotice } from './events.ts'
import { killsMachine } from './kills.ts'
import { lateUpdatesMachine } from './late-updates.ts'
import type { TaskTable } from './table/task-table.ts'
import type { TaskFact } from './task-fact.ts'

export interface TasksInput {
  /** Id from an earlier run: Mesos may run tasks of it. */
  readonly frameworkId?: string | undefined
  /** `remembered`: a task that is submitted again under its id after its end is not run again. */
  readonly outcomes: 'remembered' | 'forgotten'
  /** What to do with tasks that Mesos runs and this framework does not know. Default report. */
  readonly unknownTasks?: 'report' | 'kill' | undefined
  /** Interval of implicit reconciliation, ms. Default 15 min. */
  readonly reconcileEveryMs?: number | undefined
}

export interface TasksContext {
  readonly frameworkId: string
  readonly unknownTasks: 'report' | 'kill'
  readonly reconcileEveryMs: number | undefined
  readonly table: TaskTable
  /** How tasks ended, by id; undefined if that is not remembered. */
  readonly outcomes: PersistentMap<TaskFact> | undefined
  /** Unreachable agents whose tasks wait for a limited time, by id; each has a timer. */
  readonly absences: PersistentMap<Absence>
  /** When so few tasks are launched and others wait, offers are asked for again. */
  readonly reviveAt: number
  /** Id of the library set that new tasks get. */
  readonly librarySetId: string | undefined
}

export const tasksSetup = setup({
  types: {} as {
    context: TasksContext
    events: TasksEvent
    emitted: TasksFact
    input: TasksInput
  },
  actors: {
    reconciliation: reconciliationMachine,
    kills: killsMachine,
    lateUpdates: lateUpdatesMachine,
  },
  actions: {
    'fx.call': (_, _call: SchedulerCall) => undefined,
    keepFrameworkId: assign(({ event }) => {
      assertEvent(event, 'mesos.subscribed')
      return { frameworkId: event.frameworkId }
    }),
    tellKills: sendTo('kills', ({ event }) => event),
    tellChildren: enqueueActions(({ enqueue, event }) => {
      for (const child of ['kills', 'reconciliation', 'lateUpdates']) enqueue.sendTo(child, event)
    }),
    keepSet: assign(({ event }) => {
      assertEvent(event, 'sets.changed')
      return { librarySetId: event.setId }
    }),
  },
  guards: {
    isOfEarlierRun: ({ context }) => context.frameworkId !== '',
    isOfAgent: ({ event }) =>
      event.type === 'mesos.failure' &&
      event.executorId === undefined &&
      event.agentId !== undefined,
    carriesTasks: ({ event }) => event.type === 'call.failed' && event.launchIds.length > 0,
  },
})

/** The outcomes after a fact: those of ended tasks are kept, if outcomes are remembered. */
function outcomesWith(
  outcomes: TasksContext['outcomes'],
  fact: TaskFact,
): TasksContext['outcomes'] {
  return outcomes !== undefined && fact.type === 'task.ended'
    ? setIn(outcomes, fact.taskId, fact)
    : outcomes
}

/** The part of XState's `enqueue` that a changed table needs. */
export interface Keeper {
  assign(changes: Partial<TasksContext>): void
  emit(fact: TasksFact): void
  sendParent(notice: TasksNotice): void
}

/** A table and facts that replace those of the context. */
export interface TableChange {
  readonly table: TaskTable
  readonly facts: readonly TaskFact[]
}

/**
 * Keeps a changed table: assigns it, emits its facts, and notifies the scheduler if the change
 * matters to offers, library sets, or the end of draining.
 */
export function keepTable(
  { table: before, outcomes, reviveAt }: TasksContext,
  enqueue: Keeper,
  { table, facts }: TableChange,
): void {
  if (table !== before) {
    enqueue.assign(
      outcomes === undefined
        ? { table }
        : { table, outcomes: facts.reduce(outcomesWith, outcomes) },
    )
    const isEmptied = table.rows.size === 0 && before.rows.size > 0
    if (table.pendingCount !== before.pendingCount || isEmptied)
      enqueue.sendParent({ type: 'work.changed' })
    if (table.setUses.size !== before.setUses.size)
      enqueue.sendParent({
        type: 'sets.needed',
        setIds: Array.from(entriesOf(table.setUses), ([id]) => id),
      })
    noticeRoom(enqueue, before, table, reviveAt)
  }
  for (const fact of facts) enqueue.emit(fact)
}

/**
 * Mesos offers the resources of ended tasks at its next allocation, at the latest a second later;
 * REVIVE makes it allocate at once. Asking at each half makes few, large offers.
 */
function noticeRoom(enqueue: Keeper, before: TaskTable, table: TaskTable, reviveAt: number): void {
  const launched = launchedOf(table)
  const isFewer = launched < launchedOf(before) && launched <= reviveAt
  // A task that waits again is new work, for which the offers ask anyway.
  const isRoom = isFewer && table.pendingCount > 0 && table.pendingCount <= before.pendingCount
  if (isRoom) enqueue.sendParent({ type: 'room.freed' })
  if (isRoom || launched > launchedOf(before))
    enqueue.assign({ reviveAt: Math.floor(launched / 2) })
}

function launchedOf({ rows, pendingCount }: TaskTable): number {
  return rows.size - pendingCount
}
