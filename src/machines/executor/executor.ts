/**
 * The executor process: its subscription to the agent, its tasks, and their status updates. Three
 * of its regions are tables by id (updates, tasks, sets): their events change a row or go to the
 * child machine of a row, so most transitions have no target.
 * Source: apache/mesos docs/executor-http-api.md.
 */
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { agentActions } from './agent.ts'
import type { Shutdown, Subscription } from './events.ts'
import { librarySetActions } from './library-sets.ts'
import { executorSetup } from './setup.ts'
import type { ExecutorContext } from './setup.ts'
import { taskActions } from './tasks.ts'
import { updateActions } from './updates.ts'

interface Args {
  readonly context: ExecutorContext
}

export const executorMachine = executorSetup
  .extend({ actions: { ...agentActions, ...updateActions, ...taskActions, ...librarySetActions } })
  .createMachine({
    id: 'executor',
    context: ({ input }) => ({
      ...input,
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
    initial: 'running',
    states: {
      running: {
        description: 'The regions handle each event in this order.',
        type: 'parallel',
        states: {
          agent: {
            description: 'The subscription to the agent.',
            initial: 'connecting',
            states: {
              connecting: {
                description: 'There is no subscription.',
                initial: 'subscribing',
                on: {
                  'agent.subscribed': 'subscribed',
                  'agent.lost': [{ guard: 'canRetry', target: '.backingOff' }, { target: 'gone' }],
                  'update.stamped': {
                    description: 'A shutdown has no time to wait for the subscription.',
                    guard: 'isEnding',
                    actions: 'sendUpdate',
                  },
                },
                after: { recoveryTimeout: 'gone' },
                states: {
                  subscribing: {
                    description: 'SUBSCRIBE is in flight.',
                    entry: ['keepCarried', { type: 'fx.subscribe', params: subscription }],
                  },
                  backingOff: {
                    description: 'Waits before it subscribes again.',
                    after: { retryDelay: 'subscribing' },
                  },
                },
              },
              subscribed: {
                description: 'The agent sends events. Each stamped update is sent.',
                entry: 'sendMissed',
                on: {
                  'update.stamped': { actions: 'sendUpdate' },
                  'agent.lost': [
                    { guard: 'canRetry', target: 'connecting.backingOff' },
                    { target: 'gone' },
                  ],
                },
              },
              gone: {
                description: 'The agent is gone: the executor ends.',
                entry: 'shutDownWithoutAgent',
                on: { 'update.stamped': { actions: 'sendUpdate' } },
              },
            },
          },
          updates: {
            description: 'Status updates that the agent has not acknowledged.',
            on: {
              'update.stamped': { actions: 'keepUpdate' },
              'update.acknowledged': { actions: 'dropAcknowledged' },
            },
          },
          tasks: {
            description: 'A child machine per task, until its last update is acknowledged.',
            initial: 'accepting',
            on: {
              'host.*': { actions: 'forwardToRun' },
              'health.checked': { actions: 'forwardToRun' },
              'check.changed': { actions: 'forwardToRun' },
              'kill.requested': { actions: 'forwardToRun' },
              'update.acknowledged': { actions: 'settleTask' },
              'xstate.done.actor.task.*': { actions: 'stopRun' },
            },
            states: {
              accepting: {
                description: 'Starts the tasks that the agent launches.',
                on: {
                  'task.launched': [
                    { guard: 'isKnownTask', description: 'The agent launched it before.' },
                    { guard: 'isValidTask', actions: 'startTask' },
                    { actions: 'refuseTask' },
                  ],
                  'update.stamped': { guard: 'isLastUpdate', actions: ['endRun', 'killSiblings'] },
                  'shutdown.requested': { target: 'ending', actions: 'keepShutdown' },
                },
              },
              ending: {
                description: 'Kills all tasks and waits for their last updates.',
                entry: 'killTasks',
                always: { guard: 'isIdle', target: '#executor.stopped' },
                on: { 'update.stamped': { guard: 'isLastUpdate', actions: 'endRun' } },
                after: { shutdownGrace: '#executor.stopped' },
              },
            },
          },
          librarySets: {
            description: 'A downloader per library set; sets are kept while tasks need them.',
            on: {
              'libraries.needed': { actions: ['fetchMissing', 'releaseSets'] },
              'manifest.*': { actions: 'forwardToDownloader' },
              'library.*': { actions: 'forwardToDownloader' },
              'set.*': { actions: 'forwardToDownloader' },
              'xstate.done.actor.downloader.*': {
                actions: ['keepSet', 'announceSet', 'releaseSets'],
              },
              'update.stamped': { guard: 'isLastUpdate', actions: ['dropNeed', 'releaseSets'] },
            },
          },
        },
      },
      stopped: {
        description: 'The process exits.',
        type: 'final',
        entry: { type: 'fx.exit', params: ending },
      },
    },
  })

export type ExecutorSnapshot = SnapshotFrom<typeof executorMachine>
export type ExecutorRef = ActorRefFrom<typeof executorMachine>

function subscription({ context }: Args): Subscription {
  return { tasks: Object.values(context.tasks), updates: context.updates }
}

function ending({ context }: Args): Shutdown {
  return context.end
}
