import { describe, expect, it } from 'vitest'
import { areaOf, classOf, litIn } from '../../../../../src/inspector/page/views/statechart/lit.ts'
import type { Chart, ChartBox } from '../../../../../src/inspector/protocol/chart.ts'
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

describe('areaOf', () => {
  const box = (id: string, parent: string | undefined, x: number, y: number): ChartBox => ({
    id,
    ...(parent !== undefined && { parent }),
    depth: 0,
    shape: 'state',
    x,
    y,
    width: 10,
    height: 20,
    descriptionLines: [],
    ruleAt: 0,
    lines: [],
  })
  const boxes = [
    box('door', undefined, 0, 0),
    box('door.open', 'door', 30, 40),
    box('door.lit', 'door', 5, 70),
  ]
  const chart: Chart = { id: 'door', name: 'door', width: 0, height: 0, boxes, edges: [] }

  it('has the innermost active states, those of all regions', () => {
    const lit = litIn(actor, undefined)
    expect(areaOf(chart, lit)).toEqual({ x: 30, y: 40, width: 10, height: 20 })
    const states = new Set([...lit.states, 'door.lit'])
    expect(areaOf(chart, { ...lit, states })).toEqual({ x: 5, y: 40, width: 35, height: 50 })
  })

  it('is none where no state of the drawing is active', () => {
    expect(areaOf(chart, litIn({ ...actor, states: ['window'] }, undefined))).toBeUndefined()
  })
})
