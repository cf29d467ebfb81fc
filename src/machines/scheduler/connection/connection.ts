/**
 * The subscription at the master: subscribes, and subscribes again when the connection is lost.
 * The performer of `fx.subscribe` adds the back-off before each attempt: its jitter is random, and
 * machines are deterministic.
 * Source: apache/mesos docs/scheduler-http-api.md, "SUBSCRIBE", "Disconnections".
 */
import { assertEvent, assign, emit, sendTo, setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { defined } from '../../../defined.ts'
import type { FrameworkInfo, SchedulerOfferConstraints } from '../../../mesos/types.generated.ts'
import { isTakenOver } from './events.ts'
import type {
  CallFailed,
  ConnectionLost,
  Failure,
  MesosError,
  MesosSubscribed,
  ProcessRestarted,
} from './events.ts'
import { frameworkUpdateMachine } from './framework-update.ts'
import type {
  FrameworkUpdated,
  FrameworkUpdateFact,
  FrameworkUpdateRequested,
} from './framework-update.ts'
import { refusalOf, takenOver } from './refusals.ts'

export type ConnectionEvent =
  | MesosSubscribed
  | ConnectionLost
  | MesosError
  | CallFailed
  | ProcessRestarted
  | FrameworkUpdateRequested
  | FrameworkUpdated

export type ConnectionFact =
  | {
      readonly type: 'framework.registered'
      readonly frameworkId: string
      readonly master?: string
    }
  | {
      readonly type: 'framework.disconnected'
      readonly code: string
      readonly message: string
      readonly retryable: boolean
    }
  | FrameworkUpdateFact

export interface ConnectionInput {
  readonly framework: FrameworkInfo
  readonly offerConstraints?: SchedulerOfferConstraints
  readonly frameworkId?: string
  /** How long to try to subscribe, ms. */
  readonly timeoutMs: number
}

export interface ConnectionContext extends ConnectionInput {
  /** Attempts since the last subscription. */
  readonly attempts: number
  readonly lastError: string | undefined
  readonly failure: Failure | undefined
}

/** Params of `fx.subscribe`. */
export interface SubscribeParams {
  readonly framework: FrameworkInfo
  readonly frameworkId: string | undefined
  readonly offerConstraints?: SchedulerOfferConstraints
  /** 0 for the first attempt since the last subscription. */
  readonly attempt: number
}

const connection = setup({
  types: {} as {
    context: ConnectionContext
    events: ConnectionEvent
    emitted: ConnectionFact
    input: ConnectionInput
    output: Failure
  },
  actors: { frameworkUpdate: frameworkUpdateMachine },
  actions: {
    'fx.subscribe': (_, _params: SubscribeParams) => undefined,
    resetAttempts: assign({ attempts: 0 }),
    countAttempt: assign({ attempts: ({ context }) => context.attempts + 1 }),
    keepFrameworkId: assign(({ event }) => {
      assertEvent(event, 'mesos.subscribed')
      return { frameworkId: event.frameworkId, attempts: 0, lastError: undefined }
    }),
    keepDescription: assign(({ event }) => {
      assertEvent(event, 'framework.updated')
      return event.description
    }),
    keepError: assign(({ event }) => {
      assertEvent(event, 'connection.lost')
      return { lastError: event.message }
    }),
    keepRefusal: assign(({ event }) => {
      assertEvent(event, ['connection.lost', 'mesos.error'])
      const { message } = event
      return {
        failure: event.type === 'mesos.error' ? refusalOf(message) : { code: event.code, message },
      }
    }),
    keepTakeover: assign(({ event }) => {
      assertEvent(event, 'call.failed')
      return { failure: takenOver(event.message) }
    }),
    keepTimeout: assign(({ context: { timeoutMs, lastError } }) => ({
      failure: {
        code: 'MASTER_UNREACHABLE',
        message:
          `gave up after ${timeoutMs / 1000} s` + (lastError === undefined ? '' : `: ${lastError}`),
      },
    })),
    reportRegistered: emit(({ event }) => {
      assertEvent(event, 'mesos.subscribed')
      const { frameworkId, master } = event
      return { type: 'framework.registered' as const, frameworkId, ...defined({ master }) }
    }),
    reportLoss: emit(({ event }) => {
      assertEvent(event, 'connection.lost')
      const { code, message, retryable } = event
      return { type: 'framework.disconnected' as const, code, message, retryable }
    }),
    tellFrameworkUpdate: sendTo('frameworkUpdate', ({ event }) => event),
  },
  guards: {
    isRefused: ({ event }) => event.type === 'connection.lost' && !event.retryable,
    isTakenOver: ({ event }) => event.type === 'call.failed' && isTakenOver(event),
    isOfUpdate: ({ event }) => event.type === 'call.failed' && event.call === 'UPDATE_FRAMEWORK',
  },
  delays: { giveUp: ({ context }) => context.timeoutMs },
})

export const connectionMachine = connection.createMachine({
  id: 'connection',
  context: ({ input }) => ({ ...input, attempts: 0, lastError: undefined, failure: undefined }),
  invoke: { id: 'frameworkUpdate', src: 'frameworkUpdate' },
  output: ({ context }) =>
    context.failure ?? { code: 'MASTER_UNREACHABLE', message: 'not subscribed' },
  initial: 'disconnected',
  on: {
    'framework.update': { actions: 'tellFrameworkUpdate' },
    'framework.updated': { actions: ['keepDescription', 'tellFrameworkUpdate'] },
    'call.failed': [
      { guard: 'isTakenOver', target: '.refused', actions: 'keepTakeover' },
      { guard: 'isOfUpdate', actions: 'tellFrameworkUpdate' },
    ],
    'mesos.error': { target: '.refused', actions: 'keepRefusal' },
    'process.restarted': {
      target: '.disconnected',
      actions: ['resetAttempts', 'tellFrameworkUpdate'],
    },
  },
  states: {
    disconnected: {
      description: 'SUBSCRIBE is sent, with back-off, until the master answers.',
      initial: 'subscribing',
      after: { giveUp: { target: 'unreachable', actions: 'keepTimeout' } },
      states: {
        subscribing: {
          description: 'SUBSCRIBE is in flight.',
          entry: [
            { type: 'fx.subscribe', params: ({ context }) => subscribeParams(context) },
            'countAttempt',
          ],
          on: {
            'mesos.subscribed': {
              target: '#connection.subscribed',
              actions: ['keepFrameworkId', 'tellFrameworkUpdate', 'reportRegistered'],
            },
            'connection.lost': [
              {
                guard: 'isRefused',
                target: '#connection.refused',
                actions: ['keepRefusal', 'reportLoss'],
              },
              { target: 'subscribing', reenter: true, actions: ['keepError', 'reportLoss'] },
            ],
          },
        },
      },
    },
    subscribed: {
      description: 'The master sends events. Calls may be made.',
      on: {
        'connection.lost': [
          {
            guard: 'isRefused',
            target: 'refused',
            actions: ['keepRefusal', 'tellFrameworkUpdate', 'reportLoss'],
          },
          {
            target: 'disconnected',
            actions: ['keepError', 'tellFrameworkUpdate', 'reportLoss'],
          },
        ],
      },
    },
    unreachable: {
      type: 'final',
      description: 'No master answered in time (`timeoutMs`).',
    },
    refused: {
      type: 'final',
      description: 'The master removed or refused the framework, or another instance took it over.',
    },
  },
})

export type ConnectionSnapshot = SnapshotFrom<typeof connectionMachine>
export type ConnectionRef = ActorRefFrom<typeof connectionMachine>

function subscribeParams({
  framework,
  frameworkId,
  offerConstraints,
  attempts,
}: ConnectionContext): SubscribeParams {
  return { framework, frameworkId, ...defined({ offerConstraints }), attempt: attempts }
}
