import { describe, expect, it } from 'vitest'
import { chartOf } from '../../../src/inspector/chart/machine-chart.ts'
import type { ChartTransition } from '../../../src/inspector/chart/machine-chart.ts'
import { door } from '../../support/machines/door.ts'

const { root, edges } = chartOf(door)
const [waiting, tired] = root.states

function briefly({ kind, event, guard, source, target }: ChartTransition): string {
  return `${source} -> ${target ?? ''}: ${kind} ${event} [${guard ?? ''}]`
}

describe('chartOf', () => {
  it('keeps states in the order of the document', () => {
    expect(root.states.map(({ key }) => key)).toEqual(['waiting', 'tired'])
    expect(root.initial).toBe('door.waiting')
    expect(tired?.type).toBe('final')
  })

  it('has an edge for every transition that leaves', () => {
    expect(edges.map(briefly)).toEqual([
      'door -> door.tired: event door.slam []',
      'door -> door.tired: done bell []',
      'door.waiting -> door.tired: event knock [isTired]',
      'door.waiting -> door.tired: after patience []',
      'door.waiting -> door.tired: always  [isOpen]',
    ])
  })

  it('lists transitions that stay in their state', () => {
    expect(waiting?.internal.map(briefly)).toEqual([
      'door.waiting -> : event knock [else]',
      'door.waiting -> door.waiting: event ring []',
      'door.waiting -> : event door.touch []',
      'door.waiting -> : event door.look []',
      'door.waiting -> : event door.listen []',
    ])
    expect(waiting?.internal.map(({ reenters }) => reenters)).toEqual([
      false,
      true,
      false,
      false,
      false,
    ])
  })

  it('leaves out what XState adds for timers', () => {
    expect(waiting?.entry.map(({ name }) => name)).toEqual(['fx.say', 'count'])
    expect(waiting?.exit).toEqual([])
  })

  it('lists the children that a state invokes', () => {
    expect(root.invoked).toEqual([{ id: 'bell', src: 'bell' }])
  })
})
