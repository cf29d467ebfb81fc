import { describe, expect, it } from 'vitest'
import { setup } from 'xstate'
import { collapse, foldAround } from '../../../src/inspector/chart/fold.ts'
import { chartOf } from '../../../src/inspector/chart/machine-chart.ts'

describe('foldAround', () => {
  const house = setup({}).createMachine({
    id: 'house',
    initial: 'door',
    states: {
      door: {
        initial: 'shut',
        on: { enter: 'hall.lit' },
        states: { shut: { on: { knock: 'open' } }, open: {} },
      },
      hall: {
        initial: 'dark',
        on: { leave: 'garden' },
        states: { dark: { on: { light: 'lit' } }, lit: {} },
      },
      garden: { on: { enter: 'shed' } },
      shed: {},
    },
  })
  const whole = chartOf(house)

  it('draws neighbours with states inside as single boxes', () => {
    const part = foldAround(whole, ['door'])
    expect(part.root.states.map(({ key, states }) => [key, states.length])).toEqual([
      ['door', 2],
      ['hall', 0],
    ])
    expect(part.edges.map(({ source, target, into }) => [source, target, into])).toEqual([
      ['house.door', 'house.hall', 'lit'],
      ['house.door.shut', 'house.door.open', undefined],
    ])
  })

  it('leaves out an initial state that it does not draw', () => {
    expect(foldAround(whole, ['shed']).root.initial).toBeUndefined()
    expect(foldAround(whole, ['hall']).root.initial).toBe('house.door')
  })

  it('collapses any states, and says where edges into them lead', () => {
    const { root, edges } = collapse(whole, ['house.hall'])
    expect(root.states.map(({ states, isCollapsed }) => [states.length, isCollapsed])).toEqual([
      [2, undefined],
      [0, true],
      [0, undefined],
      [0, undefined],
    ])
    expect(edges.find(({ into }) => into !== undefined)).toMatchObject({
      target: 'house.hall',
      into: 'lit',
    })
    expect(edges.some(({ source }) => source === 'house.hall.dark')).toBe(false)
  })
})
