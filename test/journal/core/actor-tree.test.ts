import { describe, expect, it } from 'vitest'
import { assign, createActor, fromTransition, setup } from 'xstate'
import type { AnyActorRef } from 'xstate'
import { persistedForJson } from '../../../src/journal/core/actor-tree.ts'

const counter = fromTransition((count: number) => count + 1, 0)

const lamp = setup({}).createMachine({
  id: 'lamp',
  context: { colour: 'red', shade: undefined },
  initial: 'off',
  states: { off: {}, on: {} },
})

const room = setup({
  types: {} as { context: { main: AnyActorRef; all: readonly { lamp: AnyActorRef }[] } },
  actors: { lamp, counter },
}).createMachine({
  id: 'room',
  context: ({ spawn }) => ({ main: spawn('lamp', { id: 'main', systemId: 'main' }), all: [] }),
  invoke: [
    { src: 'counter', id: 'counter' },
    { src: 'lamp', id: 'other' },
  ],
  initial: 'one',
  states: {
    one: {
      initial: 'left',
      states: { left: { on: { right: 'right' } }, right: {}, hist: { type: 'history' } },
    },
    two: { on: { back: 'one.hist' } },
  },
  on: {
    away: '.two',
    add: { actions: assign({ all: ({ context }) => [...context.all, { lamp: context.main }] }) },
  },
})

describe('persistedForJson', () => {
  it('gives the JSON of what XState persists', () => {
    const actor = createActor(room, { id: 'room' }).start()
    for (const type of ['add', 'right', 'away', 'add']) {
      actor.send({ type })
      const expected = JSON.stringify(actor.getPersistedSnapshot())
      expect(JSON.stringify(persistedForJson(actor))).toBe(expected)
      expect(expected).toContain('"src":"counter"')
    }
    expect(JSON.stringify(persistedForJson(actor))).toContain(
      '{"lamp":{"xstate$$type":1,"id":"main"}}',
    )
    actor.stop()
  })

  it('gives the JSON of a machine that has ended', () => {
    const end = setup({}).createMachine({
      initial: 'a',
      states: { a: { type: 'final' } },
      output: 7,
    })
    const actor = createActor(end).start()
    expect(JSON.stringify(persistedForJson(actor))).toBe(
      JSON.stringify(actor.getPersistedSnapshot()),
    )
  })
})
