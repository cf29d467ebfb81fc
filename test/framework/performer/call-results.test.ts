import { describe, expect, it } from 'vitest'
import { interrupted, notSubscribed } from '../../../src/client/answers/answer-errors.ts'
import { JarcastError } from '../../../src/errors.ts'
import { failedEvent } from '../../../src/framework/performer/call-results.ts'
import type { SchedulerCall } from '../../../src/mesos/types.generated.ts'

const frameworkId = { value: 'f1' }
const taskInfo = { name: 't', taskId: { value: 't' }, agentId: { value: 'a' } }
const launch = { type: 'LAUNCH' as const, launch: { taskInfos: [taskInfo] } }
const acceptCall: SchedulerCall = {
  type: 'ACCEPT',
  frameworkId,
  accept: { offerIds: [{ value: 'o1' }], operations: [launch] },
}

describe('the failure of a call whose subscription has ended', () => {
  const endings: readonly ((call: string) => JarcastError)[] = [
    (call) => notSubscribed(call, false),
    (call) => interrupted(call, false),
  ]

  it.each<SchedulerCall['type']>([
    'ACKNOWLEDGE',
    'ACKNOWLEDGE_OPERATION_STATUS',
    'DECLINE',
    'REVIVE',
    'SUPPRESS',
    'KILL',
    'RECONCILE',
    'RECONCILE_OPERATIONS',
    'UPDATE_FRAMEWORK',
    'ACCEPT_INVERSE_OFFERS',
    'DECLINE_INVERSE_OFFERS',
  ])('is no event if the next subscription repeats its purpose: %s', (type) => {
    const call = { type, frameworkId, decline: { offerIds: [] } } as unknown as SchedulerCall
    for (const ending of endings) expect(failedEvent(call, ending(type))).toBeUndefined()
    const refused = new JarcastError('NOT_SUBSCRIBED', 'no', {
      retryable: true,
      details: { status: 403 },
    })
    const timeout = new JarcastError('CALL_TIMEOUT', 'no', {
      retryable: true,
      details: { maybeTaken: true },
    })
    for (const error of [refused, timeout])
      expect(failedEvent(call, error)).toMatchObject({ type: 'call.failed', call: type })
  })

  it.each<SchedulerCall['type']>(['MESSAGE', 'SHUTDOWN', 'REQUEST'])(
    'is an event if nothing repeats the call: %s',
    (type) => {
      const call = { type, frameworkId } as unknown as SchedulerCall
      for (const ending of endings)
        expect(failedEvent(call, ending(type))).toMatchObject({ type: 'call.failed', call: type })
    },
  )

  it('leaves the outcome of a sent ACCEPT open, and returns one that was not sent', () => {
    const about = { type: 'call.failed', launchIds: ['t'], offerIds: ['o1'] }
    expect(failedEvent(acceptCall, interrupted('ACCEPT', false))).toMatchObject({
      ...about,
      outcome: 'unknown',
    })
    expect(failedEvent(acceptCall, notSubscribed('ACCEPT', false))).toMatchObject({
      ...about,
      outcome: 'unsent',
    })
  })
})
