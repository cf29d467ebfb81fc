import { describe, expect, it } from 'vitest'
import { effectSummary, eventSummary } from '../../src/domain/event-summary.ts'
import * as calls from '../../src/mesos/scheduler-calls.ts'
import { offer, status } from '../support/mesos/mesos-data.ts'

const masterId = '552933c7-0246-4316-bcc9-b78759cb5d78'

describe('eventSummary', () => {
  it('names the task and its state', () => {
    const update = { type: 'mesos.update', status: status('t1', 'TASK_RUNNING') }
    expect(eventSummary(update)).toBe('mesos.update t1 TASK_RUNNING')
  })

  it('names the first of many tasks', () => {
    const requests = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }))
    const submit = { type: 'task.submit', requests }
    expect(eventSummary(submit)).toBe('task.submit a,b,c and 2 more')
  })

  it('counts offers', () => {
    const offers = [offer('o1'), offer('o2')]
    const event = { type: 'mesos.offers', offers }
    expect(eventSummary(event)).toBe('mesos.offers 2 offers')
  })

  it('leaves out the common prefix of all ids of a master', () => {
    const subscribed = { type: 'mesos.subscribed', frameworkId: `${masterId}-0003` }
    expect(eventSummary(subscribed)).toBe('mesos.subscribed …0003')
  })

  it('takes any event of a journal', () => {
    for (const odd of [null, 7, 'x', [], [null], { value: {} }]) {
      const event = { type: 'odd', status: odd, requests: odd, offers: odd, call: odd }
      expect(eventSummary(event)).toMatch(/^odd/)
      expect(effectSummary({ type: 'fx.call', params: odd })).toMatch(/^fx\.call/)
      expect(effectSummary({ type: 'fx.call', params: { type: 'ACCEPT', accept: odd } })).toMatch(
        /^fx/,
      )
    }
  })
})

describe('effectSummary', () => {
  it('names the call, its offers and what it launches', () => {
    const launch = {
      type: 'LAUNCH' as const,
      launch: {
        taskInfos: [
          { name: 't', taskId: { value: 't1' }, agentId: { value: 'a1' }, resources: [] },
        ],
      },
    }
    const params = calls.accept('f1', [`${masterId}-O7`], [launch])
    expect(effectSummary({ type: 'fx.call', params })).toBe('fx.call ACCEPT …O7 t1')
  })

  it('names the tasks of a reconciliation', () => {
    const params = calls.reconcile('f1', [{ taskId: 't1' }, { taskId: 't2' }])
    expect(effectSummary({ type: 'fx.call', params })).toBe('fx.call RECONCILE t1,t2')
  })
})
