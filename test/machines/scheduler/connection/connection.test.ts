import { describe, expect, it } from 'vitest'
import { initialTransition, transition } from 'xstate'
import { connectionMachine } from '../../../../src/machines/scheduler/connection/connection.ts'
import type { ConnectionEvent } from '../../../../src/machines/scheduler/connection/connection.ts'

const input = { framework: { user: 'u', name: 'n' }, timeoutMs: 60_000 }
const subscribed: ConnectionEvent = { type: 'mesos.subscribed', frameworkId: 'f1' }
const lost: ConnectionEvent = {
  type: 'connection.lost',
  code: 'STREAM_ENDED',
  message: 'ended',
  retryable: true,
}

function run(...events: readonly ConnectionEvent[]) {
  let [snapshot, actions] = initialTransition(connectionMachine, input)
  for (const event of events) [snapshot, actions] = transition(connectionMachine, snapshot, event)
  return { snapshot, dials: actions.filter(({ type }) => type === 'fx.subscribe') }
}

describe('connectionMachine', () => {
  it('dials without a framework id at first', () => {
    expect(run().dials).toMatchObject([{ params: { frameworkId: undefined, attempt: 0 } }])
  })

  it('dials again with its framework id after a loss', () => {
    expect(run(subscribed, lost).dials).toMatchObject([
      { params: { frameworkId: 'f1', attempt: 0 } },
    ])
  })

  it('counts dials until it is subscribed', () => {
    expect(run(lost, lost).dials).toMatchObject([{ params: { attempt: 2 } }])
    expect(run(lost, lost, subscribed, lost).dials).toMatchObject([{ params: { attempt: 0 } }])
  })

  it('fails with the reason when the master refuses it', () => {
    const refused = run({ ...lost, code: 'MASTER_REJECTED', message: 'no', retryable: false })
    expect(refused.snapshot).toMatchObject({
      status: 'done',
      output: { code: 'MASTER_REJECTED', message: 'no' },
    })
  })

  it('fails for good when the framework was removed', () => {
    const removed = run(subscribed, { type: 'mesos.error', message: 'Framework has been removed' })
    expect(removed.snapshot).toMatchObject({
      status: 'done',
      output: { code: 'FRAMEWORK_REMOVED' },
    })
    expect(removed.snapshot.output?.message).toContain('start anew, without its id')
  })

  it('says that another instance has taken the framework over', () => {
    const replaced = run(subscribed, { type: 'mesos.error', message: 'Framework failed over' })
    expect(replaced.snapshot.output).toMatchObject({ code: 'FRAMEWORK_FAILED_OVER' })
  })

  it('subscribes as the framework that the master knows since an update', () => {
    const framework = { user: 'u', name: 'n', roles: ['b'] }
    const again = run(subscribed, { type: 'framework.updated', description: { framework } }, lost)
    expect(again.dials).toMatchObject([{ params: { framework } }])
  })

  it('gives up when its time is over, with the last error', () => {
    const [snapshot] = transition(connectionMachine, run(lost).snapshot, {
      type: 'xstate.after.giveUp.connection.disconnected',
    } as unknown as ConnectionEvent)
    expect(snapshot.output).toEqual({
      code: 'MASTER_UNREACHABLE',
      message: 'gave up after 60 s: ended',
    })
  })
})
