import { describe, expect, it } from 'vitest'
import { reconciliationMachine } from '../../../../src/machines/scheduler/reconciliation/reconciliation.ts'
import type { ReconciliationEvent } from '../../../../src/machines/scheduler/reconciliation/reconciliation.ts'
import { given } from '../../../../src/testing/given.ts'

const fresh = given(
  { input: { of: 'tasks', intervalMs: 600_000 }, records: [] },
  reconciliationMachine,
)
const lost: ReconciliationEvent = {
  type: 'connection.lost',
  code: 'STREAM_ENDED',
  message: 'ended',
  retryable: true,
}

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
  it('asks for each task until it is answered', () => {
    fresh
      .when(begin(['a', 'b']))
      .then({ explicit: 'asking' }, asked('a', 'b'))
      .when(answered('a'), answered('stranger'))
      .then({ explicit: 'asking' }, [])
      .when(answered('b'))
      .then('waiting', [])
  })

  it('asks again for what has no answer, after a growing while', () => {
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

  it('takes an answer that comes while it backs off', () => {
    fresh
      .when(begin(['a']))
      .after(5000)
      .when(answered('a'))
      .then('waiting', asked('a'))
      .after(60_000)
      .then('waiting', [])
  })

  it('asks for a thousand at a time, the next once those are answered or late', () => {
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

  it('asks for everything at intervals once all is answered', () => {
    fresh
      .when(begin([], false))
      .then('waiting', [])
      .after(600_000)
      .then('waiting', asksForAll)
      .after(600_000)
      .then('waiting', asksForAll)
  })

  it('asks for everything at once when it comes back with nothing', () => {
    fresh.when(begin([])).then('waiting', asksForAll)
  })

  it('takes in more while it asks, and while it waits', () => {
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

  it('forgets what it asked for when the connection is lost', () => {
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
})
