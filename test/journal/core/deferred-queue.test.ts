import { afterEach, describe, expect, it, vi } from 'vitest'
import { createActor, emit, enqueueActions, sendTo, setup } from 'xstate'
import type { AnyActorRef, AnyStateMachine } from 'xstate'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import { deferInQueue } from '../../../src/journal/core/deferred-queue.ts'

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
  const actor = createActor(machine)
  const numbers: number[] = []
  actor.on('*', ({ value }: { value?: number }) => numbers.push(value ?? Number.NaN))
  deferInQueue(actor as AnyActorRef)
  actor.start()
  return { actor, numbers }
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('deferInQueue', () => {
  it('keeps the order, also of what was deferred before', () => {
    const { actor, numbers } = started(counter)
    actor.send({ type: 'count', upTo: 3 })
    actor.send({ type: 'count', upTo: 2 })
    expect(numbers).toEqual([0, 1, 2, 3, 1, 1, 2, 1])
  })

  it('moves no array, however much is deferred', () => {
    const { actor, numbers } = started(counter)
    const shift = vi.spyOn(Array.prototype, 'shift')
    actor.send({ type: 'count', upTo: 1000 })
    const lengths = shift.mock.contexts.map((list) => (list as unknown[]).length)
    shift.mockRestore()
    expect(lengths.filter((length) => length > 1)).toEqual([])
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

  it('is used by the gateway', () => {
    const runtime = createRuntime(counter, { input: undefined })
    const numbers: number[] = []
    runtime.fact$.subscribe(({ value }) => numbers.push(value))
    runtime.start()
    const shift = vi.spyOn(Array.prototype, 'shift')
    runtime.dispatch({ type: 'count', upTo: 1000 })
    const lengths = shift.mock.contexts.map((list) => (list as unknown[]).length)
    shift.mockRestore()
    expect(lengths.filter((length) => length > 1)).toEqual([])
    expect(numbers).toHaveLength(1002)
  })
})
