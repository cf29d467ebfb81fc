/**
 * Operations on resources of agents, such as reservations: a table with a row per operation that
 * has not ended. A child reconciles them.
 * Source: apache/mesos docs/scheduler-http-api.md, "RECONCILE_OPERATIONS";
 * docs/operation-feedback.md.
 */
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import {
  abandonOperations,
  cancelOperation,
  reconcile,
  refuseOperation,
  sendOperations,
  settleAccept,
  submitOperation,
  takeStatus,
} from './operation-actions.ts'
import { emptyOperationTable } from './operation-table.ts'
import { operationsSetup } from './setup.ts'

export const operationsMachine = operationsSetup.createMachine({
  id: 'operations',
  context: { frameworkId: '', table: emptyOperationTable },
  invoke: { id: 'operationReconciliation', src: 'reconciliation', input: { of: 'operations' } },
  initial: 'open',
  on: { 'operation.refuse': { actions: refuseOperation } },
  states: {
    open: {
      description: 'Operations are taken in and followed to their end.',
      initial: 'away',
      exit: 'tellReconciliation',
      on: {
        'operation.submit': { actions: submitOperation },
        'operation.cancel': { actions: cancelOperation },
        'operation.sent': { actions: sendOperations },
        'operation.abandon': { target: 'abandoned', actions: abandonOperations },
        'mesos.operation': { actions: takeStatus },
        'call.failed': { guard: 'carriesOperations', actions: settleAccept },
        'process.restarted': { target: '.away', actions: 'tellReconciliation' },
      },
      states: {
        away: {
          description: 'There is no subscription: operations wait.',
          on: {
            'mesos.subscribed': { target: 'subscribed', actions: ['keepFrameworkId', reconcile] },
          },
        },
        subscribed: {
          description: 'Operations are sent with offers of their agents. Statuses come in.',
          on: { 'connection.lost': { target: 'away', actions: 'tellReconciliation' } },
        },
      },
    },
    abandoned: { description: 'The framework stops: its operations are over for it.' },
  },
})

export type OperationsSnapshot = SnapshotFrom<typeof operationsMachine>
export type OperationsRef = ActorRefFrom<typeof operationsMachine>
