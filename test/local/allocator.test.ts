import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  createAllocator,
  filterDurationMs,
  type Allocation,
  type Allocator,
} from '../../src/local/allocator.ts'
import { amountsOf } from '../../src/local/resources.ts'
import { scalar } from './client.ts'

const AGENT = amountsOf([scalar('cpus', 2), scalar('mem', 1024)])

let allocator: Allocator
let offered: Allocation[]

beforeEach(() => {
  vi.useFakeTimers()
  offered = []
  allocator = createAllocator({
    intervalMs: 1000,
    onOffers: (_frameworkId, allocations) => offered.push(...allocations),
  })
})

afterEach(() => {
  allocator.close()
  vi.useRealTimers()
})

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

describe('createAllocator', () => {
  it('offers an agent once until it is given back', () => {
    allocator.addAgent('a', AGENT)
    allocator.putFramework('f', ['*'], [])
    const [first] = nextOffers()
    expect(first).toEqual({ frameworkId: 'f', role: '*', agentId: 'a', amounts: AGENT })
    expect(nextOffers()).toEqual([])
    if (first !== undefined) allocator.recover(first)
    expect(nextOffers()).toHaveLength(1)
  })

  it('offers nothing to a framework whose roles are all suppressed', () => {
    allocator.addAgent('a', AGENT)
    allocator.putFramework('f', ['x', 'y'], ['x', 'y'])
    expect(nextOffers()).toEqual([])
    allocator.revive('f', ['y'])
    expect(nextOffers().map(({ role }) => role)).toEqual(['y'])
  })

  it('drops a SUPPRESS or REVIVE that names a role the framework has not', () => {
    allocator.addAgent('a', AGENT)
    allocator.putFramework('f', ['x'], [])
    allocator.suppress('f', ['x', 'nope'])
    expect(nextOffers()).toHaveLength(1)
  })

  it('keeps filtered resources away until the filter ends', () => {
    allocator.addAgent('a', AGENT)
    allocator.putFramework('f', ['*'], [])
    const [first] = nextOffers()
    if (first !== undefined) allocator.recover(first, { filters: { refuseSeconds: 3 } })
    expect(nextOffers(2000)).toEqual([])
    expect(nextOffers(2000)).toHaveLength(1)
  })

  it('serves the smaller dominant share first, agent by agent', () => {
    allocator.putFramework('f', ['*'], [])
    allocator.putFramework('g', ['*'], [])
    for (const agent of ['a', 'b', 'c', 'd']) allocator.addAgent(agent, AGENT)
    expect(nextOffers().map(({ frameworkId }) => frameworkId)).toEqual(['f', 'f', 'g', 'g'])
  })

  it('offers nothing below the minimum', () => {
    allocator.addAgent('a', amountsOf([scalar('cpus', 0.005), scalar('disk', 1000)]))
    allocator.putFramework('f', ['*'], [])
    expect(nextOffers()).toEqual([])
  })

  it('gives a removed framework’s resources to another', () => {
    allocator.addAgent('a', AGENT)
    allocator.putFramework('f', ['*'], [])
    const [first] = nextOffers()
    allocator.removeFramework('f')
    if (first !== undefined) allocator.recover(first)
    allocator.putFramework('g', ['*'], [])
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
    allocator.putFramework('f', ['*'], [])
    allocator.addAgent('a', AGENT)
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
    allocator.addAgent('a', AGENT)
    expect(nextOffers()).toHaveLength(1)
  })
})
