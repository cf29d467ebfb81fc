import { describe, expect, it } from 'vitest'
import { classOf, litIn } from '../../../../../src/inspector/page/views/statechart/lit.ts'
import type { ActorAt } from '../../../../../src/inspector/protocol/questions.ts'
import type { Considered, Step } from '../../../../../src/inspector/protocol/step.ts'

const actor: ActorAt = {
  id: 'door',
  name: 'door',
  chart: 'door',
  state: 'open',
  states: ['door', 'door.open'],
  status: 'active',
  tags: [],
}

function considered(transition: string, verdict: Considered['verdict']): Considered {
  return { transition, state: 'door', on: 'knock', targets: [], verdict }
}

function stepOf(id: string, list: readonly Considered[]): Step {
  const microstep = { from: '', to: '', entered: [], exited: [], actions: [] }
  const empty = { effects: [], facts: [], sent: [], rejections: [], changes: [] }
  return {
    ...empty,
    seq: 1,
    now: 0,
    type: 'knock',
    actor: id,
    cause: { kind: 'event' },
    event: { kind: 'object', size: 0, items: [] },
    microsteps: [{ ...microstep, actor: id, type: 'knock', considered: list }],
  }
}

describe('what is lit in a chart', () => {
  it('is the active states and the transitions of the entry, by verdict', () => {
    const list = [
      considered('a', 'guard false'),
      considered('b', 'taken'),
      considered('c', 'not reached'),
    ]
    const lit = litIn(actor, stepOf('door', list))
    expect([...lit.states]).toEqual(['door', 'door.open'])
    expect(classOf(lit, ['a'])).toBe('refused')
    expect(classOf(lit, ['a', 'b'])).toBe('taken')
    expect(classOf(lit, ['c'])).toBe('')
    expect(classOf(lit)).toBe('')
  })

  it('is the transition that the reader points at', () => {
    const lit = { ...litIn(actor, stepOf('door', [considered('b', 'taken')])), pointed: 'b' }
    expect(classOf(lit, ['a', 'b'])).toBe('taken pointed')
    expect(classOf({ ...lit, pointed: 'c' }, ['c'])).toBe('pointed')
    expect(classOf(lit, ['a'])).toBe('')
  })

  it('is nothing of another actor', () => {
    const lit = litIn(actor, stepOf('window', [considered('b', 'taken')]))
    expect(classOf(lit, ['b'])).toBe('')
  })
})
