/** A machine with a transition of each kind, for tests of charts. */
import { assign, fromCallback, setup } from 'xstate'

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

export const greet = doorSetup.enqueueActions(({ enqueue }) => {
  enqueue('fx.say')
})

export const sulk = doorSetup.enqueueActions(({ enqueue }) => {
  enqueue.raise({ type: 'sulk.over' }, { id: 'sulk', delay: 10 })
})

export const door = doorSetup.createMachine({
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
