import { describe, expect, it } from 'vitest'
import { offersOfAgents } from '../../../src/framework/agents/agent-offers.ts'
import { isField } from '../../../src/domain/tasks/agent-fields.ts'
import { planAgents } from '../../../src/cli/plan/make-plan.ts'
import { ports, scalar } from '../../support/mesos/mesos-data.ts'

const agent = {
  id: 'S1',
  hostname: 'east',
  active: true,
  attributes: { rack: 'r1', gen: 2, tags: '{ssd, big}', cores: '[1-4, 8-9]' },
  domain: { fault_domain: { region: { name: 'eu' }, zone: { name: 'a' } } },
  unreserved_resources_full: [scalar('cpus', 4), scalar('mem', 1024), ports([31_000, 31_009])],
  reserved_resources_full: { web: [scalar('cpus', 2)], db: [scalar('cpus', 8)] },
  used_resources_full: [scalar('cpus', 1.5), scalar('mem', 24), ports([31_000, 31_001])],
}

describe('offersOfAgents', () => {
  it('has what is free of an agent, reserved for these roles or for nobody', () => {
    expect(planAgents(offersOfAgents({ slaves: [agent] }, ['web']))).toEqual([
      { agentId: 'S1', hostname: 'east', cpus: 4.5, memMb: 1000, diskMb: 0, gpus: 0, ports: 8 },
    ])
  })

  it('counts what others use of their reservations, or is revocable, as no use of the rest', () => {
    const ofDb = { reservations: [{ type: 'DYNAMIC', role: 'db' }] }
    const used = [
      ...agent.used_resources_full,
      { ...scalar('cpus', 3), ...ofDb },
      { ...scalar('cpus', 3), revocable: {} },
    ]
    const [planned] = planAgents(
      offersOfAgents({ slaves: [{ ...agent, used_resources_full: used }] }, ['web']),
    )
    expect(planned).toMatchObject({ cpus: 4.5 })
  })

  it('has nothing free where more is used than there is', () => {
    const used = [scalar('cpus', 7)]
    const [planned] = planAgents(
      offersOfAgents({ slaves: [{ ...agent, used_resources_full: used }] }, ['web']),
    )
    expect(planned).toMatchObject({ cpus: 0, memMb: 1024 })
  })

  it('has the attributes and the domain in the form of offers', () => {
    const [offer] = offersOfAgents({ slaves: [agent] }, [])
    if (offer === undefined) throw new Error('no offer')
    const fields = [
      ['rack', 'r1'],
      ['gen', 2],
      ['tags', 'ssd'],
      ['cores', 8],
      ['@zone', 'a'],
      ['hostname', 'east'],
    ] as const
    for (const [name, value] of fields)
      expect([name, isField(offer, name, value)]).toEqual([name, true])
  })

  it.each([
    ['no object', 'hello'],
    ['no agents', {}],
    ['agents of other shapes', { slaves: [null, 1, { id: 1 }, { ...agent, active: false }] }],
  ])('skips %s', (_, answer) => {
    expect(offersOfAgents(answer, ['*'])).toEqual([])
  })

  it('skips resources of other shapes', () => {
    const odd = {
      ...agent,
      unreserved_resources_full: [{ name: 'cpus' }, { scalar: { value: 1 } }, 'x'],
    }
    const [planned] = planAgents(offersOfAgents({ slaves: [odd] }, []))
    expect(planned).toMatchObject({ cpus: 0, memMb: 0 })
  })
})
