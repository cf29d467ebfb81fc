import { describe, expect, it } from 'vitest'
import { offersOfAgents } from '../../../src/framework/agents/agent-offers.ts'
import { agentsWith } from '../../../src/framework/agents/agents-with.ts'

const domain = { fault_domain: { region: { name: 'eu' }, zone: { name: 'eu-1' } } }
const agents = offersOfAgents(
  {
    slaves: [
      { id: '1', hostname: 'c', attributes: { rack: 'r1', slots: 4 }, domain },
      { id: '2', hostname: 'a', attributes: { rack: 'r1', disks: '{ssd,hdd}' } },
      { id: '3', hostname: 'a', attributes: { rack: 'r1', disks: '{ssd}' } },
      { id: '4', hostname: 'b', attributes: { rack: 'r2', ids: '[1-3,7-7]' } },
      { id: '5', hostname: 'gone', active: false, attributes: { rack: 'r1' } },
    ],
  },
  ['*'],
)

describe('agentsWith', () => {
  it('names all hosts once, in order, without constraints', () => {
    expect(agentsWith(agents, {})).toEqual(['a', 'b', 'c'])
  })

  it.each([
    ['rack', 'is', 'r1', ['a', 'c']],
    ['rack', 'unlike', 'r1', ['b']],
    ['slots', 'is', 4, ['c']],
    ['disks', 'is', 'hdd', ['a']],
    ['@zone', 'is', 'eu-1', ['c']],
    ['hostname', 'like', '[ab]', ['a', 'b']],
  ])('keeps those whose %s %s %s', (field, operator, value, expected) => {
    expect(agentsWith(agents, { rules: [{ field, operator, value } as never] })).toEqual(expected)
  })

  it('asks for the field that a rule counts', () => {
    expect(agentsWith(agents, { rules: [{ field: 'slots', operator: 'unique' }] })).toEqual(['c'])
  })
})
