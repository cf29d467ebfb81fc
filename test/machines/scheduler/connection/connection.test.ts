import { describe, expect, it } from 'vitest'
import { initialTransition, transition } from 'xstate'
import { connectionMachine } from '../../../../src/machines/scheduler/connection/connection.ts'
import type { ConnectionEvent } from '../../../../src/machines/scheduler/connection/connection.ts'
import {
  lost,
  offers,
  registered,
  run,
  runWith,
  schedulerWith,
  submit,
} from '../../../support/machines/run-scheduler.ts'
import { offer } from '../../../support/mesos/mesos-data.ts'

const input = { framework: { user: 'u', name: 'n' }, timeoutMs: 60_000 }

/** Runs the component alone through the events. */
function connect(...events: readonly ConnectionEvent[]) {
  let [snapshot, actions] = initialTransition(connectionMachine, input)
  for (const event of events) [snapshot, actions] = transition(connectionMachine, snapshot, event)
  return { snapshot, dials: actions.filter(({ type }) => type === 'fx.subscribe') }
}

describe('connectionMachine', () => {
  describe('while it is disconnected', () => {
    it('sends SUBSCRIBE before anything else', () => {
      expect(runWith({ hasLibraries: true })).toMatchObject({
        value: 'disconnected',
        effects: ['fx.subscribe'],
      })
    })

    it('dials without a framework id at first', () => {
      expect(connect().dials).toMatchObject([{ params: { frameworkId: undefined, attempt: 0 } }])
    })

    it('dials again with its framework id after a loss', () => {
      expect(connect(registered, lost).dials).toMatchObject([
        { params: { frameworkId: 'f1', attempt: 0 } },
      ])
    })

    it('counts dials until it is subscribed', () => {
      expect(connect(lost, lost).dials).toMatchObject([{ params: { attempt: 2 } }])
      expect(connect(lost, lost, registered, lost).dials).toMatchObject([
        { params: { attempt: 0 } },
      ])
    })

    it('subscribes with the description of the last accepted update', () => {
      const framework = { user: 'u', name: 'n', roles: ['b'] }
      const again = connect(
        registered,
        { type: 'framework.updated', description: { framework } },
        lost,
      )
      expect(again.dials).toMatchObject([{ params: { framework } }])
    })

    it('fails with the reason of a master that refuses SUBSCRIBE', () => {
      const refused = connect({ ...lost, code: 'MASTER_REJECTED', message: 'no', retryable: false })
      expect(refused.snapshot).toMatchObject({
        status: 'done',
        output: { code: 'MASTER_REJECTED', message: 'no' },
      })
    })

    it('gives up with the last error when its time is over', () => {
      const [snapshot] = transition(connectionMachine, connect(lost).snapshot, {
        type: 'xstate.after.giveUp.connection.disconnected',
      } as unknown as ConnectionEvent)
      expect(snapshot.output).toEqual({
        code: 'MASTER_UNREACHABLE',
        message: 'gave up after 60 s: the stream has ended',
      })
    })

    it('fails the scheduler when no master answers in time', () => {
      const dialing = run(lost)
      dialing.clock.advance(60_000)
      dialing.runtime.dispatch({ type: 'framework.closed' })
      expect(dialing.value).toBe('failed')
      expect(dialing.facts.at(-1)).toEqual({
        type: 'framework.failed',
        code: 'MASTER_UNREACHABLE',
        message: 'gave up after 60 s: the stream has ended',
      })
    })
  })

  describe('when the master removes the framework', () => {
    it('fails without a retry', () => {
      const removed = connect(registered, {
        type: 'mesos.error',
        message: 'Framework has been removed',
      })
      expect(removed.snapshot).toMatchObject({
        status: 'done',
        output: { code: 'FRAMEWORK_REMOVED' },
      })
      expect(removed.snapshot.output?.message).toContain('start a new one, without this id')
    })

    it('stops the scheduler', () => {
      const removed = run(registered, {
        type: 'mesos.error',
        message: 'Framework has been removed',
      })
      expect(removed.value).toEqual({ stopping: 'leaving' })
    })

    it('closes without a TEARDOWN', () => {
      schedulerWith()
        .then({ offers: 'open' })
        .when({ type: 'mesos.error', message: 'Framework has been removed' })
        .then(
          ({ context }) => expect(context.failure?.code).toBe('FRAMEWORK_REMOVED'),
          [{ type: 'fx.close', params: { call: undefined } }],
        )
    })
  })

  describe('when another instance takes the framework over', () => {
    const running = schedulerWith().when(submit('a'), offers(offer('o1')))

    it('fails with FRAMEWORK_FAILED_OVER', () => {
      const replaced = connect(registered, {
        type: 'mesos.error',
        message: 'Framework failed over',
      })
      expect(replaced.snapshot.output).toMatchObject({ code: 'FRAMEWORK_FAILED_OVER' })
    })

    it('closes without a TEARDOWN when the stream reports it', () => {
      running
        .then({ offers: 'open' })
        .when({ type: 'mesos.error', message: 'Framework failed over' })
        .then(
          ({ context }) => expect(context.failure?.code).toBe('FRAMEWORK_FAILED_OVER'),
          [{ type: 'fx.close', params: { call: undefined } }],
        )
        .when({ type: 'framework.closed' })
        .then('failed', [])
    })

    it('closes without a TEARDOWN when a refused call reports it', () => {
      running
        .then({ offers: 'open' })
        .when({
          type: 'call.failed',
          call: 'ACCEPT',
          launchIds: ['a'],
          outcome: 'refused',
          code: 'NOT_SUBSCRIBED',
          message: "didn't match the stream ID",
        })
        .then(
          ({ context }) => expect(context.failure?.code).toBe('FRAMEWORK_FAILED_OVER'),
          [{ type: 'fx.close', params: { call: undefined } }],
        )
    })

    it('makes no further call', () => {
      running
        .when({ type: 'task.kill', taskId: 'a' })
        .when({ type: 'mesos.error', message: 'Framework failed over' })
        .then('stopping')
        .after(3_600_000)
        .then('stopping', [])
    })
  })
})
