/**
 * The tasks of the framework, from submission to their ends: a table with a row per task. Children
 * reconcile, kill, and wait for late updates.
 * Source: apache/mesos docs/scheduler-http-api.md; docs/reconciliation.md;
 * docs/high-availability-framework-guide.md.
 */
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { emptyMap } from '../../../domain/persistent-map.ts'
import {
  killTask,
  moveTasks,
  refuseTasks,
  shutDownExecutor,
  submitTasks,
  tellExecutor,
} from './requests.ts'
import {
  abandonTasks,
  endUnmet,
  giveUpAbsent,
  launchTasks,
  reconcileAgain,
  reconcileFirst,
  reportAgent,
  returnUnstarted,
  settleAccept,
  settleOverdue,
} from './settle.ts'
import { tasksSetup } from './setup.ts'
import { emptyTaskTable } from './table/task-table.ts'
import { takeUpdate } from './take-update.ts'

export const tasksMachine = tasksSetup.createMachine({
  id: 'tasks',
  context: ({ input }) => ({
    frameworkId: input.frameworkId ?? '',
    unknownTasks: input.unknownTasks ?? 'report',
    reconcileEveryMs: input.reconcileEveryMs,
    table: emptyTaskTable,
    outcomes: input.outcomes === 'remembered' ? emptyMap() : undefined,
    absences: emptyMap(),
    reviveAt: 0,
    librarySetId: undefined,
  }),
  invoke: [
    {
      id: 'reconciliation',
      src: 'reconciliation',
      input: ({ context }) => ({ of: 'tasks', intervalMs: context.reconcileEveryMs }),
    },
    { id: 'kills', src: 'kills' },
    { id: 'lateUpdates', src: 'lateUpdates' },
  ],
  initial: 'open',
  on: { 'task.refuse': { actions: refuseTasks } },
  states: {
    open: {
      description: 'Tasks are taken in and followed to their end.',
      initial: 'unregistered',
      exit: 'tellChildren',
      on: {
        'task.submit': { actions: submitTasks },
        'task.launched': { actions: launchTasks },
        'task.kill': { actions: killTask },
        'task.move': { actions: moveTasks },
        'task.abandon': { target: 'abandoned', actions: abandonTasks },
        'mesos.failure': { guard: 'isOfAgent', actions: reportAgent },
        'call.failed': { guard: 'carriesTasks', actions: settleAccept },
        'updates.overdue': { actions: settleOverdue },
        'absence.over': { actions: giveUpAbsent },
        'need.unmet': { actions: endUnmet },
        'sets.changed': { actions: 'keepSet' },
        'runtime.awaited': { actions: returnUnstarted },
        'executor.tell': { actions: tellExecutor },
        'executor.shutdown': { actions: shutDownExecutor },
        'process.restarted': { target: '.away', actions: 'tellChildren' },
      },
      states: {
        unregistered: {
          description: 'The framework is not registered: tasks wait.',
          always: { guard: 'isOfEarlierRun', target: 'away' },
          on: {
            'mesos.subscribed': {
              target: 'subscribed',
              actions: ['keepFrameworkId', reconcileFirst, 'tellKills'],
            },
            'process.restarted': {},
          },
        },
        subscribed: {
          description: 'Updates come in. Launched tasks are reconciled.',
          on: {
            'mesos.update': { actions: takeUpdate },
            'connection.lost': { target: 'away', actions: 'tellChildren' },
          },
        },
        away: {
          description: 'There is no subscription: kills and reconciliation wait for the next one.',
          on: {
            'mesos.subscribed': {
              target: 'subscribed',
              actions: ['keepFrameworkId', reconcileAgain, 'tellKills'],
            },
          },
        },
      },
    },
    abandoned: { description: 'The framework stops: its tasks are over for it.' },
  },
})

export type TasksSnapshot = SnapshotFrom<typeof tasksMachine>
export type TasksRef = ActorRefFrom<typeof tasksMachine>
