/**
 * An XState program that knows nothing of jarcast: it sends the frames of `@statelyai/inspect` to
 * the URL in its argument. Each line of its input is an event of the kettle.
 */
import { createInterface } from 'node:readline'
import { createWebSocketInspector } from '@statelyai/inspect'
import { assign, createActor, sendTo, setup } from 'xstate'

const kettle = setup({
  guards: { isHot: ({ context }) => context.celsius >= 100 },
}).createMachine({
  id: 'kettle',
  context: { celsius: 20 },
  initial: 'cold',
  states: {
    cold: { on: { heat: { target: 'heating' } } },
    heating: {
      on: { warmer: { actions: assign({ celsius: ({ context }) => context.celsius + 40 }) } },
      always: { guard: 'isHot', target: 'boiling' },
    },
    boiling: { description: 'The water evaporates.' },
  },
})

const kitchen = setup({ actors: { kettle } }).createMachine({
  id: 'kitchen',
  invoke: { id: 'kettle', src: 'kettle' },
  on: { '*': { actions: sendTo('kettle', ({ event }) => event) } },
})

const { inspect } = createWebSocketInspector({ url: process.argv[2] })
const actor = createActor(kitchen, { inspect }).start()
for await (const type of createInterface(process.stdin)) actor.send({ type })
process.exit()
