import { NEVER } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { interrupted, notSubscribed } from '../../../src/client/answers/answer-errors.ts'
import { JarcastError } from '../../../src/errors.ts'
import { createPerformer } from '../../../src/framework/performer/performer.ts'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import type { SchedulerCall } from '../../../src/mesos/types.generated.ts'

const frameworkId = { value: 'f1' }
const taskInfo = { name: 't', taskId: { value: 't' }, agentId: { value: 'a' } }
const launch = { type: 'LAUNCH' as const, launch: { taskInfos: [taskInfo] } }
const acceptCall: SchedulerCall = {
  type: 'ACCEPT',
  frameworkId,
  accept: { offerIds: [{ value: 'o1' }], operations: [launch] },
}

/** What comes back through the inbox when a call fails so. */
async function failing(call: SchedulerCall, error: JarcastError): Promise<SchedulerInboxEvent[]> {
  const events: SchedulerInboxEvent[] = []
  const perform = createPerformer({
    connection: {
      subscribe: () => NEVER,
      send: () => Promise.reject(error),
      localAddress: undefined,
      masterUrl: undefined,
      close: () => Promise.resolve(),
    },
    deliveryServer: {
      start: () => Promise.reject(error),
      stop: () => Promise.resolve(),
      release: () => undefined,
      sign: (signed) => signed,
    },
    dispatch: (event) => events.push(event),
  })
  perform({ type: 'fx.call', params: call })
  await new Promise(setImmediate)
  return events
}

describe('a call whose subscription has ended', () => {
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
  ])('is no news when the next subscription begins with what it was for: %s', async (type) => {
    const call = { type, frameworkId, decline: { offerIds: [] } } as unknown as SchedulerCall
    for (const ending of endings) expect(await failing(call, ending(type))).toEqual([])
    const refused = new JarcastError('NOT_SUBSCRIBED', 'no', {
      retryable: true,
      details: { status: 403 },
    })
    const timeout = new JarcastError('CALL_TIMEOUT', 'no', {
      retryable: true,
      details: { maybeTaken: true },
    })
    for (const error of [refused, timeout])
      expect(await failing(call, error)).toMatchObject([{ type: 'call.failed', call: type }])
  })

  it.each<SchedulerCall['type']>(['MESSAGE', 'SHUTDOWN', 'REQUEST'])(
    'is told when nobody makes it again: %s',
    async (type) => {
      const call = { type, frameworkId } as unknown as SchedulerCall
      for (const ending of endings)
        expect(await failing(call, ending(type))).toMatchObject([
          { type: 'call.failed', call: type },
        ])
    },
  )

  it('leaves open what became of an ACCEPT that was sent, and returns one that was not', async () => {
    const about = { type: 'call.failed', launchIds: ['t'], offerIds: ['o1'] }
    expect(await failing(acceptCall, interrupted('ACCEPT', false))).toMatchObject([
      { ...about, outcome: 'unknown' },
    ])
    expect(await failing(acceptCall, notSubscribed('ACCEPT', false))).toMatchObject([
      { ...about, outcome: 'unsent' },
    ])
  })
})
