import { describe, expect, it } from 'vitest'
import { reconciliationMachine } from '../../../../src/machines/scheduler/reconciliation/reconciliation.ts'
import type { ReconciliationEvent } from '../../../../src/machines/scheduler/reconciliation/reconciliation.ts'
import { given } from '../../../../src/testing/given.ts'
import {
  call,
  lost,
  offers,
  registered,
  schedulerWith,
  submit,
  update,
} from '../../../support/machines/run-scheduler.ts'
import { offer } from '../../../support/mesos/mesos-data.ts'

const reconciling = { reason: 'REASON_RECONCILIATION' } as const
const fresh = given(
  { input: { of: 'tasks', intervalMs: 600_000 }, records: [] },
  reconciliationMachine,
)

function begin(ids: readonly string[], isReturning = true): ReconciliationEvent {
  return {
    type: 'reconciliation.begin',
    frameworkId: 'f1',
    asked: ids.map((id) => ({ id, agentId: 'a1' })),
    isReturning,
  }
}

function answered(id: string): ReconciliationEvent {
  return { type: 'reconciliation.answered', id }
}

function asked(...ids: readonly string[]) {
  const tasks = ids.map((value) => ({ taskId: { value }, agentId: { value: 'a1' } }))
  return [{ type: 'fx.call' as const, params: { type: 'RECONCILE', reconcile: { tasks } } }]
}

const asksForAll = [
  { type: 'fx.call' as const, params: { type: 'RECONCILE', reconcile: { tasks: [] } } },
]

describe('reconciliationMachine', () => {
  describe('explicit reconciliation', () => {
    it('asks for each task until it is answered', () => {
      fresh
        .when(begin(['a', 'b']))
        .then({ explicit: 'asking' }, asked('a', 'b'))
        .when(answered('a'), answered('stranger'))
        .then({ explicit: 'asking' }, [])
        .when(answered('b'))
        .then('waiting', [])
    })

    it('asks again with exponential back-off for a task without an answer', () => {
      const once = fresh.when(begin(['a', 'b']), answered('a')).then('explicit', asked('a', 'b'))
      const twice = once
        .after(5000)
        .then({ explicit: 'backingOff' }, [])
        .after(5000)
        .then({ explicit: 'asking' }, asked('b'))
      twice
        .after(5000)
        .after(9999)
        .then({ explicit: 'backingOff' }, [])
        .after(1)
        .then({ explicit: 'asking' }, asked('b'))
        .when(answered('b'))
        .then('waiting')
    })

    it('ends with an answer that comes during back-off', () => {
      fresh
        .when(begin(['a']))
        .after(5000)
        .when(answered('a'))
        .then('waiting', asked('a'))
        .after(60_000)
        .then('waiting', [])
    })

    it('asks for a thousand at a time, and for the next after their answers or a timeout', () => {
      const ids = Array.from({ length: 2500 }, (_, index) => `t${index}`)
      const first = fresh.when(begin(ids)).then('explicit', asked(...ids.slice(0, 1000)))
      const second = first
        .when(...ids.slice(0, 1000).map(answered))
        .then({ explicit: 'asking' }, asked(...ids.slice(1000, 2000)))
      const third = second.after(5000).then('explicit', asked(...ids.slice(2000)))
      third
        .when(...ids.slice(2000).map(answered))
        .then({ explicit: 'backingOff' }, [])
        .when(...ids.slice(1000, 2000).map(answered))
        .then('waiting', [])
    })

    it('includes tasks that are added later', () => {
      const more: ReconciliationEvent = {
        type: 'reconciliation.ask',
        asked: [{ id: 'b', agentId: 'a1' }],
      }
      fresh.when(begin([], false), more).then({ explicit: 'asking' }, asked('b'))
      fresh
        .when(begin(['a']), more, answered('a'))
        .then({ explicit: 'asking' }, [...asked('a'), ...asked('b')])
        .when(answered('b'))
        .then('waiting')
      fresh
        .when(begin(['a']))
        .after(5000)
        .then({ explicit: 'backingOff' })
        .when(more)
        .then({ explicit: 'asking' }, asked('b'))
    })

    it('asks for operations by their ids, and never for all', () => {
      const operations = given({ input: { of: 'operations' }, records: [] }, reconciliationMachine)
      operations
        .when(begin(['o']))
        .then('explicit', [
          {
            type: 'fx.call',
            params: {
              type: 'RECONCILE_OPERATIONS',
              reconcileOperations: {
                operations: [{ operationId: { value: 'o' }, agentId: { value: 'a1' } }],
              },
            },
          },
        ])
        .when(answered('o'))
        .after(24 * 3_600_000)
        .then('waiting', [])
      operations.when(begin([])).then('waiting', [])
    })

    it('asks again for a task of the scheduler without an answer', () => {
      schedulerWith()
        .when(submit('a'), offers(offer('o1')), lost, registered)
        .then({ offers: 'open' })
        .after(5000)
        .after(5000)
        .then({ offers: 'open' }, [
          call('RECONCILE', { reconcile: { tasks: [{ taskId: { value: 'a' } }] } }),
        ])
        .when(update('a', 'TASK_RUNNING', reconciling))
        .after(120_000)
        .then({ offers: 'open' }, [])
    })
  })

  describe('implicit reconciliation', () => {
    it('asks for all tasks at intervals, after explicit reconciliation', () => {
      fresh
        .when(begin([], false))
        .then('waiting', [])
        .after(600_000)
        .then('waiting', asksForAll)
        .after(600_000)
        .then('waiting', asksForAll)
    })

    it('comes first when there is no task to ask for', () => {
      fresh.when(begin([])).then('waiting', asksForAll)
    })

    it('follows the interval of the scheduler', () => {
      schedulerWith({ reconcileEveryMs: 30_000 })
        .then({ offers: 'open' })
        .after(30_000)
        .then({ offers: 'open' }, [call('RECONCILE', { reconcile: { tasks: [] } })])
    })
  })

  describe('a lost connection', () => {
    it('ends reconciliation', () => {
      fresh
        .when(begin(['a', 'b']), lost)
        .then(({ value, context }) => {
          expect(value).toBe('away')
          expect(context.batch.size + context.todo.length).toBe(0)
        })
        .after(3_600_000)
        .then('away', [])
        .when(begin(['b']))
        .then('explicit', asked('b'))
    })
  })
})
