import { describe, it } from 'vitest'
import { frameworkUpdateMachine } from '../../../../src/machines/scheduler/connection/framework-update.ts'
import type { FrameworkUpdateEvent } from '../../../../src/machines/scheduler/connection/framework-update.ts'
import { given } from '../../../../src/testing/given.ts'
import { call, lost, registered, schedulerWith } from '../../../support/machines/run-scheduler.ts'

const fresh = given({ input: undefined, records: [] }, frameworkUpdateMachine)
const description = { framework: { user: 'u', name: 'n', roles: ['b'] } }
const update: FrameworkUpdateEvent = { type: 'framework.update', description }
const failed = (outcome: 'refused' | 'unsent') =>
  ({
    type: 'call.failed',
    call: 'UPDATE_FRAMEWORK',
    launchIds: [],
    outcome,
    message: 'no',
  }) as const
const sent = [
  {
    type: 'fx.call' as const,
    params: {
      type: 'UPDATE_FRAMEWORK',
      updateFramework: { frameworkInfo: { id: { value: 'f1' }, roles: ['b'] } },
    },
  },
]

describe('frameworkUpdateMachine', () => {
  it('sends a change with the framework id until it is accepted', () => {
    fresh
      .when(registered, update)
      .then({ subscribed: 'updating' }, sent)
      .when(failed('unsent'))
      .then({ subscribed: 'retrying' }, [])
      .after(5000)
      .then({ subscribed: 'updating' }, sent)
      .when({ type: 'framework.updated', description })
      .then({ subscribed: 'current' }, [])
  })

  it('gives up a change that the master refuses', () => {
    fresh
      .when(registered, update, failed('refused'))
      .then({ subscribed: 'current' })
      .when(lost, registered)
      .then({ subscribed: 'current' }, [])
  })

  it('resends a change after a lost connection', () => {
    fresh.when(update).then('away', []).when(registered).then({ subscribed: 'updating' }, sent)
    fresh
      .when(registered, update, lost)
      .then('away')
      .when(registered)
      .then({ subscribed: 'updating' }, sent)
  })

  describe('in the scheduler', () => {
    const more = { framework: { user: 'u', name: 'n', roles: ['a', 'b'] } }

    it('changes later subscriptions and the roles of offers', () => {
      schedulerWith()
        .then({ offers: 'open' })
        .when({ type: 'framework.update', description: more })
        .then({ offers: 'open' }, [call('UPDATE_FRAMEWORK')])
        .when({ type: 'framework.updated', description: more })
        .then({ offers: 'open' }, [call('SUPPRESS')])
        .when(lost)
        .then({ connection: 'disconnected' }, [{ type: 'fx.subscribe', params: more }])
    })

    it('changes nothing when the master refuses it', () => {
      schedulerWith()
        .when(
          { type: 'framework.update', description: more },
          {
            type: 'call.failed',
            call: 'UPDATE_FRAMEWORK',
            launchIds: [],
            outcome: 'refused',
            message: 'no',
          },
        )
        .then({ offers: 'open' })
        .when(lost)
        .then({ connection: 'disconnected' }, [
          { type: 'fx.subscribe', params: { framework: { roles: ['team'] } } },
        ])
    })
  })
})
