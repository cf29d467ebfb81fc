import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Allocation } from '../../../../src/local/master/allocation/agent-pools.ts'
import { Allocator } from '../../../../src/local/master/allocation/allocator.ts'
import { compileConstraints } from '../../../../src/local/master/allocation/offer-constraints.ts'
import { filterDurationMs } from '../../../../src/local/master/allocation/offer-filters.ts'
import { amountsOf, noAmounts, toResources } from '../../../../src/local/resources/resources.ts'
import type { FrameworkInfo, Resource } from '../../../../src/mesos/types.generated.ts'
import { scalar } from '../../support/client.ts'

const agentInfo = [scalar('cpus', 2), scalar('mem', 1024)]
const freeAmounts = amountsOf(agentInfo)

let allocator: Allocator
let offered: Allocation[]

beforeEach(() => {
  vi.useFakeTimers()
  offered = []
  allocator = new Allocator({
    intervalMs: 1000,
    onOffers: (_frameworkId, allocations) => offered.push(...allocations),
  })
})

afterEach(() => {
  allocator.close()
  vi.useRealTimers()
})

function addAgent(agentId: string, resources: readonly Resource[] = agentInfo): void {
  const info = { hostname: agentId, resources }
  allocator.addAgent(agentId, { info, total: amountsOf(resources) })
}

function holder(...roles: readonly string[]): FrameworkInfo {
  const capabilities = [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }] as const
  return { user: 'root', name: 'test', roles, capabilities }
}

function reserved(role: string, cpus: number): Resource {
  return { ...scalar('cpus', cpus), reservations: [{ type: 'STATIC', role }] }
}

function nextOffers(ms = 1000): Allocation[] {
  offered = []
  vi.advanceTimersByTime(ms)
  return offered
}

describe('filterDurationMs', () => {
  it.each([
    [undefined, 5000],
    [{}, 5000],
    [{ refuseSeconds: -1 }, 5000],
    [{ refuseSeconds: Number.NaN }, 5000],
    [{ refuseSeconds: 0 }, 0],
    [{ refuseSeconds: 0.2 }, 1000],
    [{ refuseSeconds: 7 }, 7000],
    [{ refuseSeconds: 1e12 }, 365 * 24 * 3600 * 1000],
  ])('of %j is %d ms', (filters, expected) => {
    expect(filterDurationMs(filters, 1000)).toBe(expected)
  })
})

describe('Allocator', () => {
  it('offers an agent once until it is given back', () => {
    addAgent('a')
    allocator.putFramework('f', holder('*'))
    const [first] = nextOffers()
    expect(first).toEqual({ frameworkId: 'f', role: '*', agentId: 'a', amounts: freeAmounts })
    expect(nextOffers()).toEqual([])
    if (first !== undefined) allocator.recover(first)
    expect(nextOffers()).toHaveLength(1)
  })

  it('offers nothing to a framework whose roles are all suppressed', () => {
    addAgent('a')
    allocator.putFramework('f', holder('x', 'y'), { suppressedRoles: ['x', 'y'] })
    expect(nextOffers()).toEqual([])
    allocator.revive('f', ['y'])
    expect(nextOffers().map(({ role }) => role)).toEqual(['y'])
  })

  it('drops a SUPPRESS or REVIVE that names a role the framework has not', () => {
    addAgent('a')
    allocator.putFramework('f', holder('x'))
    allocator.suppress('f', ['x', 'nope'])
    expect(nextOffers()).toHaveLength(1)
  })

  it('keeps filtered resources away until the filter ends', () => {
    addAgent('a')
    allocator.putFramework('f', holder('*'))
    const [first] = nextOffers()
    if (first !== undefined) allocator.recover(first, { filters: { refuseSeconds: 3 } })
    expect(nextOffers(2000)).toEqual([])
    expect(nextOffers(2000)).toHaveLength(1)
  })

  it('serves the smaller dominant share first, agent by agent', () => {
    allocator.putFramework('f', holder('*'))
    allocator.putFramework('g', holder('*'))
    for (const agent of ['a', 'b', 'c', 'd']) addAgent(agent)
    expect(nextOffers().map(({ frameworkId }) => frameworkId)).toEqual(['f', 'f', 'g', 'g'])
  })

  it('offers nothing below the minimum', () => {
    addAgent('a', [scalar('cpus', 0.005), scalar('disk', 1000)])
    allocator.putFramework('f', holder('*'))
    expect(nextOffers()).toEqual([])
  })

  it('gives a removed framework’s resources to another', () => {
    addAgent('a')
    allocator.putFramework('f', holder('*'))
    const [first] = nextOffers()
    allocator.removeFramework('f')
    if (first !== undefined) allocator.recover(first)
    allocator.putFramework('g', holder('*'))
    expect(nextOffers().map(({ frameworkId }) => frameworkId)).toEqual(['g'])
  })
})

describe('agents that go and come', () => {
  const used = {
    frameworkId: 'f',
    role: '*',
    agentId: 'a',
    amounts: amountsOf([scalar('cpus', 0.5), scalar('mem', 24)]),
  }

  beforeEach(() => {
    allocator.putFramework('f', holder('*'))
    addAgent('a')
  })

  it('offers nothing of an agent that is away', () => {
    allocator.setAgentActive('a', false)
    expect(nextOffers()).toEqual([])
    allocator.setAgentActive('a', true)
    expect(nextOffers()).toHaveLength(1)
  })

  it('offers what is left beside what was in use before', () => {
    allocator.claim(used)
    const [offer] = nextOffers()
    expect(offer?.amounts).toEqual(amountsOf([scalar('cpus', 1.5), scalar('mem', 1000)]))
  })

  it('forgets the filters of an agent that was removed', () => {
    const [offer] = nextOffers()
    if (offer !== undefined) allocator.recover(offer, { filters: { refuseSeconds: 1000 } })
    allocator.removeAgent('a')
    expect(nextOffers()).toEqual([])
    addAgent('a')
    expect(nextOffers()).toHaveLength(1)
  })
})

describe('roles', () => {
  it('offers reserved resources to their role and those below it alone', () => {
    addAgent('a', [reserved('x', 1), reserved('y', 3)])
    allocator.putFramework('f', holder('x/sub'))
    expect(nextOffers().map(({ amounts }) => toResources(amounts))).toEqual([[reserved('x', 1)]])
  })

  it('makes one offer for each role that an agent has something for', () => {
    addAgent('a', [reserved('x', 1), reserved('y', 3), ...agentInfo])
    allocator.putFramework('f', holder('x', 'y'))
    const offers = nextOffers()
    expect(offers.map(({ role }) => role)).toEqual(['x', 'y'])
    expect(offers.map(({ amounts }) => toResources(amounts))).toEqual([
      [reserved('x', 1), ...agentInfo],
      [reserved('y', 3)],
    ])
  })

  it('counts resources of roles below another as held by that', () => {
    allocator.putFramework('f', holder('a/x'))
    allocator.putFramework('g', holder('a/y'))
    allocator.putFramework('h', holder('b'))
    for (const agent of ['1', '2', '3', '4']) addAgent(agent)
    const roles = nextOffers().map(({ role }) => role)
    expect(roles.filter((role) => role === 'b')).toHaveLength(2)
    expect(roles.toSorted()).toEqual(['a/x', 'a/y', 'b', 'b'])
  })

  it('keeps refined reservations from frameworks that cannot read them', () => {
    const refined = {
      ...scalar('cpus', 1),
      reservations: [
        { type: 'STATIC', role: 'x' },
        { type: 'DYNAMIC', role: 'x/sub' },
      ],
    } as const
    addAgent('a', [refined])
    const { capabilities: _all, ...info } = holder('x/sub')
    allocator.putFramework('f', { ...info, capabilities: [{ type: 'MULTI_ROLE' }] })
    expect(nextOffers()).toEqual([])
    allocator.updateFramework('f', holder('x/sub'))
    expect(nextOffers()).toHaveLength(1)
  })
})

describe('what a framework asks for', () => {
  it('keeps agents with gpus for frameworks that can use them', () => {
    addAgent('a', [...agentInfo, scalar('gpus', 1)])
    allocator.putFramework('f', holder('*'))
    expect(nextOffers()).toEqual([])
    const { capabilities = [], ...info } = holder('*')
    allocator.updateFramework('f', {
      ...info,
      capabilities: [...capabilities, { type: 'GPU_RESOURCES' }],
    })
    expect(nextOffers()).toHaveLength(1)
  })

  it("offers no less than the framework's minimum", () => {
    const least = { quantities: [{ quantities: { cpus: { value: 3 } } }] }
    const offerFilters = { '*': { minAllocatableResources: least } }
    addAgent('small')
    addAgent('large', [scalar('cpus', 3)])
    allocator.putFramework('f', { ...holder('*'), offerFilters })
    expect(nextOffers().map(({ agentId }) => agentId)).toEqual(['large'])
  })

  it('offers only agents within its constraints', () => {
    addAgent('one')
    addAgent('two')
    const hostname = { selector: { pseudoattributeType: 'HOSTNAME' } } as const
    const compiled = compileConstraints(
      {
        roleConstraints: {
          '*': {
            groups: [
              {
                attributeConstraints: [
                  { ...hostname, predicate: { textEquals: { value: 'two' } } },
                ],
              },
            ],
          },
        },
      },
      ['*'],
    )
    if ('error' in compiled) throw new Error(compiled.error)
    allocator.putFramework('f', holder('*'), compiled)
    expect(nextOffers().map(({ agentId }) => agentId)).toEqual(['two'])
  })
})

describe('convert', () => {
  it('changes what the agent has and what is given back', () => {
    addAgent('a')
    allocator.putFramework('f', holder('x'))
    const [offer] = nextOffers()
    const consumed = amountsOf([scalar('cpus', 0.5)])
    const converted = amountsOf([reserved('x', 0.5)])
    if (offer === undefined) throw new Error('no offer')
    allocator.convert(offer, consumed, converted)
    expect(toResources(allocator.totalOf('a') ?? noAmounts)).toEqual([
      scalar('cpus', 1.5),
      scalar('mem', 1024),
      reserved('x', 0.5),
    ])
    allocator.recover({ ...offer, amounts: allocator.totalOf('a') ?? noAmounts })
    expect(toResources(nextOffers()[0]?.amounts ?? noAmounts)).toEqual([
      reserved('x', 0.5),
      scalar('cpus', 1.5),
      scalar('mem', 1024),
    ])
  })
})

describe('ten thousand agents', () => {
  it('are offered in one round, and again when all are declined', () => {
    allocator.putFramework('f', holder('*'))
    for (let index = 0; index < 10_000; index += 1) addAgent(`agent-${index}`)
    for (const _round of [1, 2]) {
      const offers = nextOffers()
      expect(offers).toHaveLength(10_000)
      for (const offer of offers) allocator.recover(offer)
    }
  })
})
