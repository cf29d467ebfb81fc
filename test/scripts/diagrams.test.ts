import { describe, expect, it } from 'vitest'
import { assign, fromCallback, setup } from 'xstate'
import { chartOf } from '../../scripts/diagrams/chart.mjs'
import type { ChartTransition } from '../../scripts/diagrams/chart.mjs'
import { foldAround } from '../../scripts/diagrams/fold.mjs'
import { drawOverview } from '../../scripts/diagrams/overview.mjs'
import { drawChart } from '../../scripts/diagrams/svg.mjs'
import { internalTable } from '../../scripts/diagrams/text.mjs'

const doorSetup = setup({
  actors: { bell: fromCallback(() => undefined) },
  actions: {
    'fx.open': () => undefined,
    'fx.say': () => undefined,
    count: assign({ hasKnocks: true }),
  },
  guards: { isOpen: () => false, isTired: () => false },
  delays: { patience: 1000 },
})

const greet = doorSetup.enqueueActions(({ enqueue }) => {
  enqueue('fx.say')
})

const sulk = doorSetup.enqueueActions(({ enqueue }) => {
  enqueue.raise({ type: 'sulk.over' }, { id: 'sulk', delay: 10 })
})

const door = doorSetup.createMachine({
  id: 'door',
  context: { hasKnocks: false },
  invoke: { id: 'bell', src: 'bell', onDone: '.tired' },
  initial: 'waiting',
  on: { 'door.slam': { target: '.tired' }, 'door.touch': { actions: greet } },
  states: {
    waiting: {
      description: 'Somebody may knock at any moment, and the door stays shut until it is opened.',
      entry: ['fx.say', 'count'],
      always: { guard: 'isOpen', target: 'tired' },
      after: { patience: { target: 'tired', actions: 'fx.open' } },
      on: {
        knock: [{ guard: 'isTired', target: 'tired' }, { actions: ['count', greet] }],
        ring: { target: 'waiting', reenter: true, actions: sulk },
        'door.touch': {},
        'door.look': { actions: 'count', description: 'Counted like a knock.' },
        'door.listen': { actions: 'count', description: 'Counted like a knock.' },
      },
    },
    tired: { type: 'final' },
  },
})

const bindings = new Map([
  ['greet2', { name: 'greet', value: greet }],
  ['sulk', { name: 'sulk', value: sulk }],
])
const { root, edges } = chartOf(door, bindings)
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

  it('names inline actions and what they enqueue', () => {
    const [touch] = root.internal
    expect(touch?.actions).toEqual([{ name: 'greet', effects: ['fx.say'], raises: [], spawns: [] }])
    const ring = waiting?.internal[1]
    expect(ring?.actions).toMatchObject([{ name: 'sulk', raises: ['sulk.over'] }])
  })

  it('lists the children that a state invokes', () => {
    expect(root.invoked).toEqual([{ id: 'bell', src: 'bell' }])
  })
})

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
})

describe('drawChart', () => {
  it('draws the same bytes for the same chart', async () => {
    const picture = await drawChart(chartOf(door, bindings), 'door')
    expect(await drawChart(chartOf(door, bindings), 'door')).toBe(picture)
    for (const text of ['waiting', 'patience', '[isOpen]', 'in any state', 'fx.open']) {
      expect(picture).toContain(text)
    }
  })

  it('shows the description of a state under its name and on hover', async () => {
    const picture = await drawChart(chartOf(door, bindings), 'door')
    expect(picture).toContain('<title>Somebody may knock at any moment, and the door stays shut')
    expect(picture).toMatch(/class="hint[^>]*>Somebody may knock at any moment, and</)
  })

  it('shows the description of a transition on hover', async () => {
    const picture = await drawChart(chartOf(door, bindings), 'door')
    expect(picture).toContain('<title>Counted like a knock.</title>')
  })

  it('puts events that do the same in one row', () => {
    const { internal = [] } = waiting ?? {}
    const texts = internalTable(internal, 56).map((lines) =>
      lines.map((line) => line.map(({ text }) => text).join('|')),
    )
    expect(texts.at(-1)).toEqual(['door.look|count', 'door.listen'])
    expect(texts[0]).toEqual(['knock|[else]| |count|,| |greet| → |fx.say'])
  })

  it('escapes what XML would take for markup', async () => {
    expect(await drawChart(chartOf(door), 'a < b & "c"')).toContain('a &lt; b &amp; &quot;c&quot;')
  })
})

describe('drawOverview', () => {
  const machines = [{ name: 'door', summary: 'A door.', chart: chartOf(door, bindings) }]
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
