import { describe, it } from 'vitest'
import { frameworkUpdateMachine } from '../../../../src/machines/scheduler/connection/framework-update.ts'
import type { FrameworkUpdateEvent } from '../../../../src/machines/scheduler/connection/framework-update.ts'
import { given } from '../../../../src/testing/given.ts'

const fresh = given({ input: undefined, records: [] }, frameworkUpdateMachine)
const description = { framework: { user: 'u', name: 'n', roles: ['b'] } }
const subscribed: FrameworkUpdateEvent = { type: 'mesos.subscribed', frameworkId: 'f1' }
const update: FrameworkUpdateEvent = { type: 'framework.update', description }
const lost = { type: 'connection.lost', code: '', message: '', retryable: true } as const
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
  it('sends a change, with the id inside, until it is taken', () => {
    fresh
      .when(subscribed, update)
      .then({ subscribed: 'updating' }, sent)
      .when(failed('unsent'))
      .then({ subscribed: 'retrying' }, [])
      .after(5000)
      .then({ subscribed: 'updating' }, sent)
      .when({ type: 'framework.updated', description })
      .then({ subscribed: 'current' }, [])
  })

  it('gives up what the master refuses', () => {
    fresh
      .when(subscribed, update, failed('refused'))
      .then({ subscribed: 'current' })
      .when(lost, subscribed)
      .then({ subscribed: 'current' }, [])
  })

  it('keeps a change over a lost connection', () => {
    fresh.when(update).then('away', []).when(subscribed).then({ subscribed: 'updating' }, sent)
    fresh
      .when(subscribed, update, lost)
      .then('away')
      .when(subscribed)
      .then({ subscribed: 'updating' }, sent)
  })
})
