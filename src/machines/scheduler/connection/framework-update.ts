/**
 * Changes of the framework's description at the master: one at a time, sent again until the
 * master takes or refuses it.
 * Source: apache/mesos docs/scheduler-http-api.md, "UPDATE_FRAMEWORK".
 */
import { assertEvent, assign, emit, setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { defined } from '../../../defined.ts'
import * as calls from '../../../mesos/scheduler-calls.ts'
import type {
  FrameworkInfo,
  SchedulerCall,
  SchedulerOfferConstraints,
} from '../../../mesos/types.generated.ts'
import type { CallFailed, ConnectionLost, MesosSubscribed, ProcessRestarted } from './events.ts'

/** The description that a framework asks the master to take. */
export interface FrameworkDescription {
  readonly framework: FrameworkInfo
  /** Agents whose offers the framework wants, per role. Default all. */
  readonly offerConstraints?: SchedulerOfferConstraints
}

export interface FrameworkUpdateRequested {
  readonly type: 'framework.update'
  readonly description: FrameworkDescription
}

/** The master has taken the description. */
export interface FrameworkUpdated {
  readonly type: 'framework.updated'
  readonly description: FrameworkDescription
}

export type FrameworkUpdateEvent =
  | FrameworkUpdateRequested
  | FrameworkUpdated
  | CallFailed
  | MesosSubscribed
  | ConnectionLost
  | ProcessRestarted

export type FrameworkUpdateFact =
  | { readonly type: 'framework.updated' }
  /** The master refused the change: the description before it stays. */
  | { readonly type: 'framework.updateFailed'; readonly code: string; readonly message: string }

export interface FrameworkUpdateContext {
  readonly frameworkId: string
  readonly wanted: FrameworkDescription | undefined
}

export const frameworkUpdateMachine = setup({
  types: {} as {
    context: FrameworkUpdateContext
    events: FrameworkUpdateEvent
    emitted: FrameworkUpdateFact
  },
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
    reportUpdated: emit({ type: 'framework.updated' }),
    reportRefused: emit(({ event }) => {
      assertEvent(event, 'call.failed')
      const { code = 'CALL_REJECTED', message } = event
      return { type: 'framework.updateFailed' as const, code, message }
    }),
  },
  guards: {
    hasWanted: ({ context }) => context.wanted !== undefined,
    isRefused: ({ event }) => event.type === 'call.failed' && event.outcome === 'refused',
  },
  delays: { retry: 5000 },
}).createMachine({
  id: 'frameworkUpdate',
  context: { frameworkId: '', wanted: undefined },
  initial: 'away',
  on: {
    'framework.updated': { actions: 'reportUpdated' },
    'mesos.subscribed': { target: '.subscribed', actions: 'keepFrameworkId' },
    'connection.lost': '.away',
    'process.restarted': '.away',
  },
  states: {
    away: {
      description: 'There is no subscription: a change waits for the next one.',
      on: { 'framework.update': { actions: 'keepWanted' } },
    },
    subscribed: {
      description: 'Changes are sent to the master.',
      initial: 'current',
      on: { 'framework.update': { target: '.updating', actions: 'keepWanted' } },
      states: {
        current: {
          description: 'The master has the latest description.',
          always: { guard: 'hasWanted', target: 'updating' },
        },
        updating: {
          description: 'UPDATE_FRAMEWORK is sent.',
          entry: { type: 'fx.call', params: ({ context }) => updateCall(context) },
          on: {
            'framework.updated': { target: 'current', actions: ['forgetWanted', 'reportUpdated'] },
            'call.failed': [
              { guard: 'isRefused', target: 'current', actions: ['forgetWanted', 'reportRefused'] },
              { target: 'retrying' },
            ],
          },
        },
        retrying: {
          description: 'The call did not arrive: it is sent again in 5 s.',
          after: { retry: 'updating' },
        },
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
    defined({ offerConstraints }),
  )
}
