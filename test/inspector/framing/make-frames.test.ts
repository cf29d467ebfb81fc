import { describe, expect, it } from 'vitest'
import { createActor, createMachine, fromPromise } from 'xstate'
import { createFrameMaker } from '../../../src/inspector/framing/make-frames.ts'

describe('createFrameMaker', () => {
  it('tells the definition of a machine, whose states may have any name', () => {
    const machine = createMachine({
      id: 'm',
      context: { secret: 1 },
      initial: 'context',
      states: {
        context: { on: { types: 'src' } },
        src: { invoke: { src: fromPromise(() => Promise.resolve(1)) } },
      },
    })
    const { definition = '' } = createFrameMaker(() => 5).actor(createActor(machine))
    expect(JSON.parse(definition)).toEqual({
      id: 'm',
      initial: 'context',
      states: {
        context: { on: { types: 'src' } },
        src: { invoke: { src: '(inline)' } },
      },
    })
  })
})
