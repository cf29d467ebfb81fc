/**
 * The executor process: its subscription to the agent, its tasks, and the status updates not acknowledged yet.
 * Source: apache/mesos docs/executor-http-api.md.
 */
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { setActions } from './sets.ts'
import { executorSetup } from './setup.ts'
import type { ExecutorContext, Subscription } from './setup.ts'
import { taskActions } from './tasks.ts'
import { updateActions } from './updates.ts'

export const executorMachine = executorSetup
  .extend({ actions: { ...taskActions, ...setActions, ...updateActions } })
  .createMachine({
    id: 'executor',
    context: ({ input }) => ({
      ...input,
      attempts: 0,
      retryDelayMs: 0,
      tasks: {},
      runs: {},
      groups: {},
      updates: [],
      carried: [],
      sets: {},
      needs: {},
      newestSetId: undefined,
      end: { exitStatus: 0, message: '' },
    }),
    initial: 'connecting',
    on: {
      'host.*': { actions: 'forwardToRun' },
      'health.checked': { actions: 'forwardToRun' },
      'check.changed': { actions: 'forwardToRun' },
      'kill.requested': { actions: 'forwardToRun' },
      'manifest.*': { actions: 'forwardToDownloader' },
      'library.*': { actions: 'forwardToDownloader' },
      'set.*': { actions: 'forwardToDownloader' },
      'xstate.done.actor.*': { actions: ['keepSet', 'announceSet', 'releaseRun', 'releaseSets'] },
      'update.stamped': { actions: ['keepUpdate', 'killSiblings', 'releaseSets'] },
      'update.acknowledged': { actions: ['dropAcknowledged', 'settleTask'] },
      'shutdown.requested': { target: '.shuttingDown', actions: 'keepShutdown' },
    },
    states: {
      connecting: {
        initial: 'subscribing',
        states: {
          subscribing: { entry: ['countAttempt', { type: 'fx.subscribe', params: subscription }] },
          backingOff: { after: { retryDelay: 'subscribing' } },
        },
        on: {
          'agent.subscribed': 'subscribed',
          'agent.lost': [
            { guard: 'canWait', target: '.backingOff', actions: 'keepRetryDelay' },
            { target: 'shuttingDown', actions: 'keepLoss' },
          ],
        },
        after: { recoveryTimeout: { target: 'shuttingDown', actions: 'keepRecoveryEnd' } },
      },
      subscribed: {
        entry: ['forgetAttempts', 'sendUpdates'],
        on: {
          'task.launched': [
            { guard: 'isUnderstood', actions: ['startTask', 'releaseSets'] },
            { guard: 'isNewTask', actions: 'refuseTask' },
          ],
          'update.stamped': {
            actions: ['keepUpdate', 'sendUpdate', 'killSiblings', 'releaseSets'],
          },
          'agent.lost': [
            { guard: 'canWait', target: 'disconnected', actions: 'keepRetryDelay' },
            { target: 'shuttingDown', actions: 'keepLoss' },
          ],
        },
      },
      disconnected: {
        initial: 'backingOff',
        states: {
          backingOff: { after: { retryDelay: 'subscribing' } },
          subscribing: { entry: ['countAttempt', { type: 'fx.subscribe', params: subscription }] },
        },
        on: {
          'agent.subscribed': 'subscribed',
          'agent.lost': [
            { guard: 'canWait', target: '.backingOff', actions: 'keepRetryDelay' },
            { target: 'shuttingDown', actions: 'keepLoss' },
          ],
        },
        after: { recoveryTimeout: { target: 'shuttingDown', actions: 'keepRecoveryEnd' } },
      },
      shuttingDown: {
        entry: 'killTasks',
        always: { guard: 'isIdle', target: 'stopped' },
        on: {
          'update.stamped': { actions: ['keepUpdate', 'sendUpdate'] },
          'shutdown.requested': {},
        },
        after: { shutdownGrace: 'stopped' },
      },
      stopped: { type: 'final', entry: { type: 'fx.exit', params: ending } },
    },
  })

export type ExecutorSnapshot = SnapshotFrom<typeof executorMachine>
export type ExecutorRef = ActorRefFrom<typeof executorMachine>

function subscription({ context }: { readonly context: ExecutorContext }): Subscription {
  return {
    attempt: context.attempts,
    tasks: Object.values(context.tasks),
    updates: context.updates,
  }
}

function ending({ context }: { readonly context: ExecutorContext }): ExecutorContext['end'] {
  return context.end
}
