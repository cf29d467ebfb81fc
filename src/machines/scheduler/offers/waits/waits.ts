/**
 * Explains why tasks wait, at growing intervals, and ends waiting that lasts too long. A need is the
 * queue of all tasks with equal needs. Its time starts anew when one of these tasks is launched, and
 * with each subscription: without one there are no offers.
 */
import { emptyMap } from '../../../../domain/persistent-map.ts'
import { explainAll, explainNew, forgetNeeds, keepNeeds } from './rounds.ts'
import { waitsSetup } from './setup.ts'

export const waitsMachine = waitsSetup.createMachine({
  id: 'waits',
  context: ({ input }) => ({ ...input, watches: emptyMap(), repeats: 0 }),
  initial: 'idle',
  states: {
    idle: {
      description: 'No task waits for an offer.',
      on: { 'needs.changed': { guard: 'hasSome', target: 'watching', actions: keepNeeds } },
    },
    watching: {
      description: 'Tasks wait for an offer.',
      initial: 'listening',
      always: { guard: 'hasNone', target: 'idle' },
      on: {
        'needs.changed': { actions: keepNeeds },
        'need.overdue': { actions: 'tellUnmet' },
        'offers.over': { target: 'idle', actions: forgetNeeds },
      },
      states: {
        listening: {
          description: 'The next offers that fit no task are explained.',
          on: { 'round.over': { target: 'quiet', actions: explainAll } },
          after: { silence: { target: 'quiet', actions: ['reportSilence', 'countSilence'] } },
        },
        quiet: {
          description: 'Only needs that are new are explained.',
          on: { 'round.over': { actions: explainNew } },
          after: { interval: 'listening' },
        },
      },
    },
  },
})
