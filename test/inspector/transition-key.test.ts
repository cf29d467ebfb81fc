import { expect, it } from 'vitest'
import { createMachine } from 'xstate'
import { transitionKey, transitionKeyOf } from '../../src/inspector/transition-key.ts'

const machine = createMachine({
  id: 'door',
  initial: 'open',
  states: {
    open: {
      after: { 1000: 'shut' },
      always: [
        { guard: () => false, target: 'shut' },
        { guard: () => false, target: 'open' },
      ],
      on: { push: [{ guard: () => false, target: 'open' }, { target: 'shut' }], '*': 'open' },
    },
    shut: { id: 'closed', on: { pull: 'open' } },
  },
})

function keysOf(stateId: string): readonly string[] {
  const state = machine.getStateNodeById(stateId)
  const { transitions, always = [] } = state
  return [...[...transitions.values()].flat(), ...always].map(transitionKeyOf)
}

it('names a transition by its state, its descriptor and its place among these', () => {
  expect(keysOf('door.open')).toEqual([
    'door.open#push#0',
    'door.open#push#1',
    'door.open#*#0',
    'door.open#xstate.after.1000.door.open#0',
    'door.open##0',
    'door.open##1',
  ])
})

it('uses the id that a state was given', () => {
  expect(keysOf('closed')).toEqual([transitionKey('closed', 'pull', 0)])
})
