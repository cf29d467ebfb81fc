import { describe, expect, it } from 'vitest'
import { createMachine } from 'xstate'
import { Charts } from '../../../src/inspector/chart/charts.ts'
import { layOutApart, layOutHere } from '../../../src/inspector/chart/elk.ts'
import type { Chart } from '../../../src/inspector/protocol/chart.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'

const light = { id: 'light', initial: 'green', states: { green: { on: { next: 'red' } }, red: {} } }

async function chartOfText(definition: string): Promise<Chart | undefined> {
  const charts = new Charts(layOutHere)
  return await charts.chart(charts.addDefinition(definition))
}

describe('charts', () => {
  it('draw a machine and its definition alike', async () => {
    const charts = new Charts(layOutHere)
    const machine = await charts.chart(charts.addMachine(createMachine(light)))
    const definition = await charts.chart(charts.addDefinition(JSON.stringify(light)))
    expect(definition).toEqual({ ...machine, id: definition?.id })
    expect(machine?.boxes.map(({ title }) => title)).toEqual(['light', undefined, 'green', 'red'])
    expect(machine?.edges.flatMap(({ transitions }) => transitions)).toEqual(['light.green#next#0'])
  })

  it('put every box inside its parent, and every state at one place', async () => {
    const charts = new Charts(layOutHere)
    const { boxes = [] } = (await charts.chart(charts.addMachine(schedulerMachine))) ?? {}
    const byId = new Map(boxes.map((box) => [box.id, box]))
    expect(byId.size).toBe(boxes.length)
    for (const { parent = '', x, y, width, height } of boxes.slice(1)) {
      const outer = byId.get(parent)
      expect(outer).toBeDefined()
      if (outer === undefined) continue
      expect(x).toBeGreaterThanOrEqual(outer.x)
      expect(y).toBeGreaterThanOrEqual(outer.y)
      expect(x + width).toBeLessThanOrEqual(outer.x + outer.width)
      expect(y + height).toBeLessThanOrEqual(outer.y + outer.height)
    }
  })

  it('get smaller when states are collapsed', async () => {
    const charts = new Charts(layOutHere)
    const id = charts.addMachine(schedulerMachine)
    const whole = await charts.chart(id)
    const small = await charts.chart(id, ['scheduler.active', 'scheduler.stopping'])
    expect(small?.boxes.length).toBeLessThan(whole?.boxes.length ?? 0)
    expect(small?.height).toBeLessThan(whole?.height ?? 0)
    expect(small?.boxes.filter(({ isCollapsed }) => isCollapsed)).toHaveLength(2)
  })

  it('are laid out in a thread of their own as in this one', async () => {
    const [here, apart] = [new Charts(layOutHere), new Charts(layOutApart)]
    const id = here.addMachine(schedulerMachine)
    apart.addMachine(schedulerMachine)
    expect(await apart.chart(id)).toEqual(await here.chart(id))
  })

  it.each([
    ['no JSON', '{'],
    ['no object', '7'],
    ['states that are none', JSON.stringify({ id: 'x', states: { a: 1 } })],
    ['a target that is not there', JSON.stringify({ id: 'x', on: { go: '.nowhere' } })],
  ])('of a definition with %s say what is wrong', async (_, definition) => {
    expect(await chartOfText(definition)).toMatchObject({
      boxes: [],
      tooLarge: expect.stringMatching(/./),
    })
  })

  it('of a machine with a million states, or nested without end, are not drawn', async () => {
    const states = Array.from({ length: 10_000 }, (_, index) => [`s${index}`, {}])
    const wide = JSON.stringify({ id: 'wide', states: Object.fromEntries(states) })
    expect(await chartOfText(wide)).toMatchObject({
      boxes: [],
      tooLarge: expect.stringMatching(/more than 5000 states/),
    })
    const deep = `${'{"states":{"a":'.repeat(5000)}{}${'}}'.repeat(5000)}`
    expect(await chartOfText(deep)).toMatchObject({
      boxes: [],
      tooLarge: expect.stringMatching(/deep/),
    })
    const many = Array.from({ length: 600 }, (_, index) => [`s${index}`, {}])
    const large = JSON.stringify({ id: 'large', initial: 's0', states: Object.fromEntries(many) })
    expect(await chartOfText(large)).toMatchObject({
      boxes: [],
      tooLarge: expect.stringMatching(/too many to draw/),
    })
  })

  it('call each action of the scheduler and its components by its name', async () => {
    const charts = new Charts(layOutHere)
    const { offers } = schedulerMachine.implementations.actors
    const { boxes = [] } = (await charts.chart(charts.addMachine(offers as never))) ?? {}
    const words = boxes.flatMap(({ lines }) => lines.flatMap(({ spans }) => spans))
    const names = words.filter(({ role }) => role === 'action').map(({ text }) => text)
    expect(names).toContain('useOffers')
    expect(names).not.toContain('enqueueActions')
  })

  it('forget the definitions that were needed least lately, once there are many', async () => {
    const charts = new Charts(layOutHere)
    const machine = charts.addMachine(createMachine(light))
    const definitionOf = (id: number) => JSON.stringify({ id: `m${id}` })
    const [first = '', second = ''] = [0, 1].map((id) => charts.addDefinition(definitionOf(id)))
    for (let id = 2; id <= 1000; id++) {
      charts.addDefinition(definitionOf(id))
      charts.addDefinition(definitionOf(0))
    }
    expect(charts.machineOf(first)?.id).toBe('m0')
    expect(charts.machineOf(second)).toBeUndefined()
    expect(await charts.chart(machine)).toMatchObject({ name: 'light' })
  })

  it('do not know ids that nobody gave', async () => {
    expect(await new Charts(layOutHere).chart('constructor')).toBeUndefined()
  })
})
