import { describe, expect, it } from 'vitest'
import { createActor, emit, enqueueActions, sendTo, setup } from 'xstate'
import type { AnyActorScope, AnyStateMachine } from 'xstate'
import { prepareMachine } from '../../../src/journal/core/prepare.ts'
import { withSingleDeferral } from '../../../src/journal/core/single-deferral.ts'

type Event = { type: 'count'; upTo: number } | { type: 'fail' | 'none' }

/** Emits many numbers at once, and passes `count` on to itself once. */
const counter = setup({
  types: {} as { events: Event; emitted: { type: 'number'; value: number } },
  actions: {
    emitNumbers: enqueueActions(({ enqueue, event, self }) => {
      const upTo = event.type === 'count' ? event.upTo : 0
      for (let value = 1; value <= upTo; value++) enqueue.emit({ type: 'number', value })
      if (upTo > 1) enqueue.sendTo(self, { type: 'count', upTo: 1 })
    }),
  },
}).createMachine({
  on: { count: { actions: 'emitNumbers' } },
  entry: emit({ type: 'number', value: 0 }),
})

function started(machine: AnyStateMachine) {
  const actor = createActor(withSingleDeferral(machine.provide({})))
  const numbers: number[] = []
  actor.on('*', ({ value }: { value?: number }) => numbers.push(value ?? Number.NaN))
  actor.start()
  return { actor, numbers }
}

describe('withSingleDeferral', () => {
  it('keeps the order, also with events of the initial state', () => {
    const { actor, numbers } = started(counter)
    actor.send({ type: 'count', upTo: 3 })
    actor.send({ type: 'count', upTo: 2 })
    expect(numbers).toEqual([0, 1, 2, 3, 1, 1, 2, 1])
  })

  it.each([
    ['alone', withSingleDeferral(counter.provide({}))],
    ['as part of a core', prepareMachine(counter, false).logic],
    ['as part of an inspected core', prepareMachine(counter, true).logic],
  ])('defers once per step, however much the step defers: %s', (_, machine) => {
    const step = machine.transition
    let deferrals = 0
    machine.transition = (snapshot, event, scope: AnyActorScope) => {
      const defer = (run: () => void): void => {
        deferrals += 1
        scope.defer(run)
      }
      return step(snapshot, event, { ...scope, defer } as typeof scope)
    }
    const actor = createActor(machine)
    const numbers: number[] = []
    actor.on('number', ({ value }) => numbers.push(value))
    actor.start()
    actor.send({ type: 'count', upTo: 1000 })
    actor.send({ type: 'none' })
    // One step of 1,000 facts and an event, and one step for that event.
    expect(deferrals).toBe(2)
    expect(numbers).toHaveLength(1002)
  })

  it('drops the rest after an error, as XState does', () => {
    const failing = setup({ types: {} as { events: Event } }).createMachine({
      on: {
        fail: {
          actions: [
            sendTo(({ self }) => ({ ...self, _send: undefined }) as never, {
              type: 'none',
            } as never),
            emit({ type: 'number', value: 1 } as never),
          ],
        },
      },
    })
    const { actor, numbers } = started(failing)
    const errors: unknown[] = []
    actor.subscribe({ error: (error) => errors.push(error) })
    actor.send({ type: 'fail' })
    expect(errors).toHaveLength(1)
    expect(numbers).toEqual([])
  })
})
