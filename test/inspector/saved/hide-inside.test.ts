import { describe, expect, it } from 'vitest'
import type { Chart } from '../../../src/inspector/protocol/chart.ts'
import { hideInside } from '../../../src/inspector/saved/hide-inside.ts'

function box(id: string, parent?: string) {
  const place = { x: 0, y: 0, width: 10, height: 10, ruleAt: 0, depth: 0 }
  const shape = 'state' as const
  return { id, shape, ...place, descriptionLines: [], lines: [], ...(parent && { parent }) }
}

function edge(source: string, target: string) {
  const kind = 'event' as const
  return { id: `${source}-${target}`, source, target, kind, points: [], transitions: [] }
}

const chart: Chart = {
  id: 'chart',
  name: 'machine',
  width: 100,
  height: 100,
  boxes: [box('root'), box('a', 'root'), box('a.b', 'a'), box('a.b.c', 'a.b'), box('d', 'root')],
  edges: [edge('a.b', 'a.b.c'), edge('a.b.c', 'd'), edge('d', 'a'), edge('a.b', 'a')],
}

describe('hideInside', () => {
  it('hides the states inside, at any depth', () => {
    const { boxes } = hideInside(chart, ['a'])
    expect(boxes.map(({ id }) => id)).toEqual(['root', 'a', 'd'])
    expect(boxes.map(({ isCollapsed = false }) => isCollapsed)).toEqual([false, true, false])
  })

  it('keeps the edges that leave or enter the state', () => {
    const { edges } = hideInside(chart, ['a'])
    expect(edges.map(({ id }) => id)).toEqual(['a.b.c-d', 'd-a'])
  })

  it('hides a collapsed state inside another one', () => {
    const { boxes } = hideInside(chart, ['a.b', 'a'])
    expect(boxes.map(({ id }) => id)).toEqual(['root', 'a', 'd'])
  })

  it('leaves a chart alone while nothing is collapsed', () => {
    expect(hideInside(chart, [])).toBe(chart)
  })
})
