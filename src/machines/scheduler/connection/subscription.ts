/**
 * One framework's subscription at the master, across connections: dial, be subscribed, lose it, dial again.
 * The wait before a dial is drawn outside, by the performer of `fx.subscribe`: jitter is no matter for a machine.
 * Source: apache/mesos docs/scheduler-http-api.md, "SUBSCRIBE", "Disconnections".
 */
import { assertEvent, assign, setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import type { FrameworkInfo, SchedulerOfferConstraints } from '../../../mesos/types.generated.ts'
import type { FrameworkDescription } from './framework-update.ts'

export type SubscriptionEvent =
  | MesosSubscribed
  | ConnectionLost
  | MesosError
  | ProcessRestarted
  /** The master knows the framework as this from now on. */
  | { readonly type: 'framework.updated'; readonly description: FrameworkDescription }

/** The process was gone, and with it every connection and server; the journal was read again. */
export interface ProcessRestarted {
  readonly type: 'process.restarted'
}

export interface MesosSubscribed {
  readonly type: 'mesos.subscribed'
  readonly frameworkId: string
  /** Address of the master that answered, as a URL. */
  readonly master?: string
}

export interface ConnectionLost {
  readonly type: 'connection.lost'
  readonly code: string
  readonly message: string
  /** False when dialling again cannot help: the master refused this framework. */
  readonly retryable: boolean
}

/** The master gives the framework up: removed, failed over to another instance, or invalid. */
export interface MesosError {
  readonly type: 'mesos.error'
  readonly message: string
}

export interface SubscriptionInput {
  readonly framework: FrameworkInfo
  readonly offerConstraints?: SchedulerOfferConstraints
  readonly frameworkId?: string
  /** How long to go on dialling without being subscribed, ms. */
  readonly timeoutMs: number
}

export interface SubscriptionFailure {
  readonly code: string
  readonly message: string
}

export interface SubscriptionContext extends SubscriptionInput {
  /** Dials since the last subscription. */
  readonly attempts: number
  readonly lastError: string | undefined
  readonly failure: SubscriptionFailure | undefined
}

/** Params of `fx.subscribe`. */
export interface SubscribeParams {
  readonly framework: FrameworkInfo
  readonly frameworkId: string | undefined
  readonly offerConstraints?: SchedulerOfferConstraints
  /** 0 for the first dial since the last subscription. */
  readonly attempt: number
}

export const subscriptionMachine = setup({
  types: {} as {
    context: SubscriptionContext
    events: SubscriptionEvent
    input: SubscriptionInput
    output: SubscriptionFailure
  },
  actions: {
    'fx.subscribe': (_, _params: SubscribeParams) => undefined,
    keepDescription: assign(({ event }) => {
      assertEvent(event, 'framework.updated')
      return event.description
    }),
    resetAttempts: assign({ attempts: 0 }),
    countAttempt: assign({ attempts: ({ context }) => context.attempts + 1 }),
    keepFrameworkId: assign(({ event }) => {
      assertEvent(event, 'mesos.subscribed')
      return { frameworkId: event.frameworkId, attempts: 0, lastError: undefined }
    }),
    keepError: assign(({ event }) => {
      assertEvent(event, 'connection.lost')
      return { lastError: event.message }
    }),
    failAsRefused: assign(({ event }) => {
      assertEvent(event, ['connection.lost', 'mesos.error'])
      const { message } = event
      return {
        failure: event.type === 'mesos.error' ? refusalOf(message) : { code: event.code, message },
      }
    }),
    failAsUnreachable: assign(({ context }) => ({
      failure: {
        code: 'MASTER_UNREACHABLE',
        message:
          `gave up after ${context.timeoutMs / 1000} s` +
          (context.lastError === undefined ? '' : `: ${context.lastError}`),
      },
    })),
  },
  guards: {
    isFinal: ({ event }) => event.type === 'connection.lost' && !event.retryable,
  },
  delays: { giveUp: ({ context }) => context.timeoutMs },
}).createMachine({
  id: 'subscription',
  context: ({ input }) => ({ ...input, attempts: 0, lastError: undefined, failure: undefined }),
  initial: 'disconnected',
  output: ({ context }) =>
    context.failure ?? { code: 'MASTER_UNREACHABLE', message: 'not subscribed' },
  on: {
    'framework.updated': { actions: 'keepDescription' },
    'mesos.error': { target: '.failed', actions: 'failAsRefused' },
    'process.restarted': { target: '.disconnected', actions: 'resetAttempts' },
  },
  states: {
    disconnected: {
      initial: 'dialing',
      after: { giveUp: { target: 'failed', actions: 'failAsUnreachable' } },
      states: {
        dialing: {
          entry: [
            {
              type: 'fx.subscribe',
              params: ({ context }) => subscribeParams(context),
            },
            'countAttempt',
          ],
          on: {
            'mesos.subscribed': { target: '#subscription.subscribed', actions: 'keepFrameworkId' },
            'connection.lost': [
              { guard: 'isFinal', target: '#subscription.failed', actions: 'failAsRefused' },
              { target: 'dialing', reenter: true, actions: 'keepError' },
            ],
          },
        },
      },
    },
    subscribed: {
      on: {
        'connection.lost': [
          { guard: 'isFinal', target: 'failed', actions: 'failAsRefused' },
          { target: 'disconnected', actions: 'keepError' },
        ],
      },
    },
    failed: { type: 'final' },
  },
})

export type SubscriptionSnapshot = SnapshotFrom<typeof subscriptionMachine>
export type SubscriptionRef = ActorRefFrom<typeof subscriptionMachine>

/** Another instance of the framework has subscribed: the tasks are its from now on, and this one is to end. */
export function takenOver(message: string): SubscriptionFailure {
  return {
    code: 'FRAMEWORK_FAILED_OVER',
    message: `another scheduler has taken this framework over, with its tasks (${message}); it goes on there`,
  }
}

/**
 * The ERROR events after which there is no way back. Texts are those that a Mesos 1.12.0 master sends.
 * Source: apache/mesos src/master/master.cpp.
 */
function refusalOf(message: string): SubscriptionFailure {
  if (message.includes('failed over')) return takenOver(message)
  if (message.includes('has been removed') || message.includes('was removed'))
    return {
      code: 'FRAMEWORK_REMOVED',
      message:
        `the master has removed this framework for good: ${message}. It was torn down, or away for longer than its ` +
        `failover timeout; start anew, without its id and with another journal`,
    }
  return { code: 'MASTER_REJECTED', message }
}

function subscribeParams(context: SubscriptionContext): SubscribeParams {
  const { framework, frameworkId, offerConstraints, attempts: attempt } = context
  return {
    framework,
    frameworkId,
    ...(offerConstraints === undefined ? {} : { offerConstraints }),
    attempt,
  }
}
