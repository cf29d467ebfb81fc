/**
 * Changes of what the master knows of the framework: one at a time, sent again until the master has taken or refused it.
 * Source: apache/mesos docs/scheduler-http-api.md, "UPDATE_FRAMEWORK".
 */
import { assertEvent, assign, setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import * as calls from '../../../mesos/scheduler-calls.ts'
import type {
  FrameworkInfo,
  SchedulerCall,
  SchedulerOfferConstraints,
} from '../../../mesos/types.generated.ts'
import type { ConnectionLost, MesosSubscribed, ProcessRestarted } from './subscription.ts'

/** What a framework is to be from now on. */
export interface FrameworkDescription {
  readonly framework: FrameworkInfo
  /** Which agents to be offered at all, per role. Default all. */
  readonly offerConstraints?: SchedulerOfferConstraints
}

export type FrameworkUpdateEvent =
  | { readonly type: 'framework.update'; readonly description: FrameworkDescription }
  /** The master has taken it. */
  | { readonly type: 'framework.updated'; readonly description: FrameworkDescription }
  | { readonly type: 'update.failed'; readonly isFinal: boolean }
  | MesosSubscribed
  | ConnectionLost
  | ProcessRestarted

export interface FrameworkUpdateContext {
  readonly frameworkId: string
  readonly wanted: FrameworkDescription | undefined
}

export const frameworkUpdateMachine = setup({
  types: {} as { context: FrameworkUpdateContext; events: FrameworkUpdateEvent },
  actions: {
    'fx.call': (_, _call: SchedulerCall) => undefined,
    keepFrameworkId: assign(({ event }) => {
      assertEvent(event, 'mesos.subscribed')
      return { frameworkId: event.frameworkId }
    }),
    keepWanted: assign(({ event }) => {
      assertEvent(event, 'framework.update')
      return { wanted: event.description }
    }),
    forgetWanted: assign({ wanted: undefined }),
  },
  guards: {
    hasWanted: ({ context }) => context.wanted !== undefined,
    isFinal: ({ event }) => event.type === 'update.failed' && event.isFinal,
  },
  delays: { retry: 5000 },
}).createMachine({
  id: 'frameworkUpdate',
  context: { frameworkId: '', wanted: undefined },
  initial: 'away',
  on: {
    'mesos.subscribed': { target: '.subscribed', actions: 'keepFrameworkId' },
    'connection.lost': '.away',
    'process.restarted': '.away',
  },
  states: {
    away: { on: { 'framework.update': { actions: 'keepWanted' } } },
    subscribed: {
      initial: 'current',
      on: { 'framework.update': { target: '.updating', actions: 'keepWanted' } },
      states: {
        current: { always: { guard: 'hasWanted', target: 'updating' } },
        updating: {
          entry: {
            type: 'fx.call',
            params: ({ context }) => updateCall(context),
          },
          on: {
            'framework.updated': { target: 'current', actions: 'forgetWanted' },
            'update.failed': [
              { guard: 'isFinal', target: 'current', actions: 'forgetWanted' },
              { target: 'retrying' },
            ],
          },
        },
        retrying: { after: { retry: 'updating' } },
      },
    },
  },
})

export type FrameworkUpdateSnapshot = SnapshotFrom<typeof frameworkUpdateMachine>
export type FrameworkUpdateRef = ActorRefFrom<typeof frameworkUpdateMachine>

function updateCall({ frameworkId, wanted }: FrameworkUpdateContext): SchedulerCall {
  const { framework = { user: '', name: '' }, offerConstraints } = wanted ?? {}
  return calls.updateFramework(
    frameworkId,
    { ...framework, id: { value: frameworkId } },
    offerConstraints === undefined ? {} : { offerConstraints },
  )
}
