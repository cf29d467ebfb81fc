import { describe, expect, it } from 'vitest'
import { assign, fromCallback, setup } from 'xstate'
import { chartOf } from '../../../src/inspector/chart/machine-chart.ts'
import type { ChartTransition } from '../../../src/inspector/chart/machine-chart.ts'

const doorSetup = setup({
  actors: { bell: fromCallback(() => undefined) },
  actions: {
    'fx.open': () => undefined,
    'fx.say': () => undefined,
    count: assign({ hasKnocks: true }),
  },
  guards: { isOpen: () => false, isTired: () => false },
  delays: { patience: 1000 },
})

const greet = doorSetup.enqueueActions(({ enqueue }) => {
  enqueue('fx.say')
})

const sulk = doorSetup.enqueueActions(({ enqueue }) => {
  enqueue.raise({ type: 'sulk.over' }, { id: 'sulk', delay: 10 })
})

const door = doorSetup.createMachine({
  id: 'door',
  context: { hasKnocks: false },
  invoke: { id: 'bell', src: 'bell', onDone: '.tired' },
  initial: 'waiting',
  on: { 'door.slam': { target: '.tired' }, 'door.touch': { actions: greet } },
  states: {
    waiting: {
      description: 'Somebody may knock at any moment, and the door stays shut until it is opened.',
      entry: ['fx.say', 'count'],
      always: { guard: 'isOpen', target: 'tired' },
      after: { patience: { target: 'tired', actions: 'fx.open' } },
      on: {
        knock: [{ guard: 'isTired', target: 'tired' }, { actions: ['count', greet] }],
        ring: { target: 'waiting', reenter: true, actions: sulk },
        'door.touch': {},
        'door.look': { actions: 'count', description: 'Counted like a knock.' },
        'door.listen': { actions: 'count', description: 'Counted like a knock.' },
      },
    },
    tired: { type: 'final' },
  },
})

const { root, edges } = chartOf(door)
const [waiting, tired] = root.states

function briefly({ kind, event, guard, source, target }: ChartTransition): string {
  return `${source} -> ${target ?? ''}: ${kind} ${event} [${guard ?? ''}]`
}

describe('chartOf', () => {
  it('keeps states in the order of the document', () => {
    expect(root.states.map(({ key }) => key)).toEqual(['waiting', 'tired'])
    expect(root.initial).toBe('door.waiting')
    expect(tired?.type).toBe('final')
  })

  it('has an edge for every transition that leaves', () => {
    expect(edges.map(briefly)).toEqual([
      'door -> door.tired: event door.slam []',
      'door -> door.tired: done bell []',
      'door.waiting -> door.tired: event knock [isTired]',
      'door.waiting -> door.tired: after patience []',
      'door.waiting -> door.tired: always  [isOpen]',
    ])
  })

  it('lists transitions that stay in their state', () => {
    expect(waiting?.internal.map(briefly)).toEqual([
      'door.waiting -> : event knock [else]',
      'door.waiting -> door.waiting: event ring []',
      'door.waiting -> : event door.touch []',
      'door.waiting -> : event door.look []',
      'door.waiting -> : event door.listen []',
    ])
    expect(waiting?.internal.map(({ reenters }) => reenters)).toEqual([
      false,
      true,
      false,
      false,
      false,
    ])
  })

  it('leaves out what XState adds for timers', () => {
    expect(waiting?.entry.map(({ name }) => name)).toEqual(['fx.say', 'count'])
    expect(waiting?.exit).toEqual([])
  })

  it('lists the children that a state invokes', () => {
    expect(root.invoked).toEqual([{ id: 'bell', src: 'bell' }])
  })
})
