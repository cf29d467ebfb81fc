import { describe, expect, it } from 'vitest'
import { createActor, createMachine } from 'xstate'
import type { AnyActorRef } from 'xstate'
import { createIntroductions } from '../../../src/inspector/framing/introductions.ts'
import { createFrameMaker } from '../../../src/inspector/framing/make-frames.ts'
import type { Frame } from '../../../src/inspector/protocol/frames.ts'

// Its microstep is told while the parent enters its first state.
const child = createMachine({
  id: 'child',
  initial: 'off',
  states: { off: { always: 'on' }, on: {} },
})
const parent = createMachine({
  id: 'parent',
  initial: 'busy',
  states: { busy: { invoke: { id: 'child', src: child } } },
})

/** Runs the parent, and tells of each actor as soon as it does something. */
function run(keyOf?: (actor: AnyActorRef) => string) {
  const frames: Frame[] = []
  const told = createIntroductions(createFrameMaker(), (frame) => frames.push(frame), keyOf)
  const stateless: string[] = []
  const actor = createActor(parent, {
    id: 'parent',
    inspect(event) {
      const actor = event.actorRef as AnyActorRef
      if (event.type !== '@xstate.actor') told.introduce(actor)
      if (event.type === '@xstate.snapshot' && told.takeStateless(actor)) stateless.push(actor.id)
    },
  }).start()
  const names = frames.map((frame) => ('name' in frame ? frame.name : ''))
  return { told, names, stateless, actor }
}

describe('createIntroductions', () => {
  it('tells of each actor once, parents first', () => {
    expect(run().names).toEqual(['parent', 'child'])
  })

  it('names an actor whose children are told of before it has a state', () => {
    const { stateless, told, actor } = run()
    expect(stateless).toContain('parent')
    expect(told.takeStateless(actor)).toBe(false)
  })

  it('takes actors of one key for the same', () => {
    const { told, actor } = run(({ id }) => id)
    const next = createActor(parent, { id: 'parent' })
    expect(told.has(next)).toBe(true)
    told.forget(actor)
    expect(told.has(next)).toBe(false)
  })
})
