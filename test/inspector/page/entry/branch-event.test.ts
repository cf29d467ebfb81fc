import { describe, expect, it } from 'vitest'
import { handledTypes, readEvent } from '../../../../src/inspector/page/entry/branch-event.ts'
import type { Chart } from '../../../../src/inspector/protocol/chart.ts'

describe('readEvent', () => {
  it('joins type and payload', () => {
    expect(readEvent(' a.b ', '{"x": 1, "type": "other"}')).toEqual({
      event: { type: 'a.b', x: 1 },
    })
    expect(readEvent('a', '')).toEqual({ event: { type: 'a' } })
  })

  it.each([
    ['', '{}'],
    ['a', '[1]'],
    ['a', 'null'],
    ['a', '{x: 1}'],
  ])('refuses type %j with payload %j', (type, payload) => {
    expect(readEvent(type, payload)).toHaveProperty('wrong')
  })
})

describe('handledTypes', () => {
  const line = (...transitions: string[]) => ({ x: 0, y: 0, spans: [], transitions })
  const edge = (...transitions: string[]) => ({
    id: 'e',
    source: 'm.a',
    target: 'm.b',
    kind: 'event' as const,
    points: [],
    transitions,
  })
  const chart = {
    boxes: [{ lines: [line('m#stop#0')] }],
    edges: [edge('m.a#go#0', 'm.a#go#1', 'm.b#back#0'), edge('m.a##0', 'm.a#*#0', 'm.a#b.*#0')],
  } as unknown as Chart

  it('has each event of the active states once', () => {
    expect(handledTypes(chart, ['m', 'm.a'])).toEqual(['stop', 'go'])
  })

  it('leaves out what nobody sends: always, timers, ends of children, wildcards', () => {
    const own = { ...chart, edges: [edge('m.a#xstate.after.5.m.a#0', 'm.a#a#b#0')] }
    expect(handledTypes(own, ['m.a'])).toEqual(['a#b'])
  })
})
