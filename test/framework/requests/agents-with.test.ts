import { describe, expect, it } from 'vitest'
import { agentsWith } from '../../../src/framework/requests/agents-with.ts'

const agents = [
  { hostname: 'c', attributes: { rack: 'r1', slots: 4 }, region: 'eu', zone: 'eu-1' },
  { hostname: 'a', attributes: { rack: 'r1', disks: '{ssd,hdd}' } },
  { hostname: 'a', attributes: { rack: 'r1', disks: '{ssd}' } },
  { hostname: 'b', attributes: { rack: 'r2', ids: '[1-3,7-7]' } },
]

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
