import { describe, expect, it } from 'vitest'
import { chartWithActions } from '../../scripts/diagrams/actions.mjs'
import { drawOverview } from '../../scripts/diagrams/overview.mjs'
import { chartSvg } from '../../src/inspector/chart/chart-svg.ts'
import { layOutHere } from '../../src/inspector/chart/elk.ts'
import { layOut } from '../../src/inspector/chart/layout.ts'
import { internalTable } from '../../src/inspector/chart/text.ts'
import { door, greet, sulk } from '../support/machines/door.ts'

const bindings = new Map([
  ['greet2', { name: 'greet', value: greet }],
  ['sulk', { name: 'sulk', value: sulk }],
])
const chart = chartWithActions(door, bindings)

async function drawChart(title = 'door'): Promise<string> {
  return chartSvg(await layOut(chart, { id: 'door', name: 'door' }, layOutHere), title)
}

describe('chartWithActions', () => {
  it('names inline actions and what they enqueue', () => {
    const [touch] = chart.root.internal
    expect(touch?.actions).toEqual([{ name: 'greet', effects: ['fx.say'], raises: [], spawns: [] }])
    const ring = chart.root.states[0]?.internal[1]
    expect(ring?.actions).toMatchObject([{ name: 'sulk', raises: ['sulk.over'] }])
  })

  it('puts events that do the same in one row', () => {
    const { internal = [] } = chart.root.states[0] ?? {}
    const texts = internalTable(internal, 56).map((lines) =>
      lines.map((line) => line.spans.map(({ text }) => text).join('|')),
    )
    expect(texts.at(-1)).toEqual(['door.look|count', 'door.listen'])
    expect(texts[0]).toEqual(['knock|[else]| |count|,| |greet| → |fx.say'])
  })
})

describe('drawChart', () => {
  it('draws the same bytes for the same chart', async () => {
    const picture = await drawChart()
    expect(await drawChart()).toBe(picture)
    for (const text of ['waiting', 'patience', '[isOpen]', 'in any state', 'fx.open']) {
      expect(picture).toContain(text)
    }
  })

  it('shows the description of a state under its name and on hover', async () => {
    const picture = await drawChart()
    expect(picture).toContain('<title>Somebody may knock at any moment, and the door stays shut')
    expect(picture).toMatch(/class="hint[^>]*>Somebody may knock at any moment, and</)
  })

  it('shows the description of a transition on hover', async () => {
    const picture = await drawChart()
    expect(picture).toContain('<title>Counted like a knock.</title>')
  })

  it('escapes what XML would take for markup', async () => {
    expect(await drawChart('a < b & "c"')).toContain('a &lt; b &amp; &quot;c&quot;')
  })
})

describe('drawOverview', () => {
  const machines = [{ name: 'door', summary: 'A door.', chart: chart }]
  const fault = {
    title: 'slammed',
    machine: 'door',
    event: 'door.slam',
    goal: 'tired',
    remedy: 'It rests.',
  }
  const step = { word: 'knocked', machine: 'door', state: 'waiting', fault }
  const life = { machine: 'door', states: ['waiting'], text: 'opens' }
  const story = {
    title: 'The door',
    life,
    steps: [step],
    others: [{ machine: 'door', text: 'A door.' }],
  }

  it('draws words, states of components and faults', () => {
    const picture = drawOverview(machines, story)
    for (const text of ['knocked', 'waiting', 'slammed', '→ tired', 'transition$', 'effect$']) {
      expect(picture).toContain(`>${text}</text>`)
    }
  })

  it('throws at a machine, a state, an event or a target that does not exist', () => {
    const draw = (change: object) => () =>
      drawOverview(machines, { ...story, steps: [{ ...step, ...change }] })
    expect(draw({ machine: 'gate' })).toThrow('no machine named gate')
    expect(draw({ state: 'open' })).toThrow('door has no state open')
    expect(draw({ fault: { ...fault, event: 'door.kick' } })).toThrow('door has no event door.kick')
    expect(draw({ fault: { ...fault, goal: 'waiting' } })).toThrow('not to waiting')
  })
})
