import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  answerOf,
  blameInPlan,
  emptyPlan,
  finishInPlan,
  joinPlan,
  leavePlan,
} from '../../../src/machines/relay/relay-plan.ts'
import type { PlanChange, RelayHost, RelayPlan } from '../../../src/machines/relay/plan-draft.ts'
import { maxRelayHosts, server } from '../../../src/domain/relay/relay-events.ts'
import { stripeCount } from '../../../src/domain/relay/stripes.ts'

type Step =
  | {
      readonly do: 'join'
      readonly host: number
      readonly rack: string
      readonly canServe: boolean
    }
  | { readonly do: 'leave' | 'finish'; readonly host: number }
  | { readonly do: 'blame'; readonly host: number; readonly stripe: number; readonly slow: boolean }

const host = fc.nat(40)
const join = fc.record({
  do: fc.constant('join' as const),
  host,
  rack: fc.constantFrom('r1', 'r2'),
  canServe: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn > 0),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: join },
  fc.record({ do: fc.constantFrom('leave' as const, 'finish' as const), host }),
  fc.record({
    do: fc.constant('blame' as const),
    host,
    stripe: fc.nat(stripeCount - 1),
    slow: fc.boolean(),
  }),
)

function apply(plan: RelayPlan, next: Step): PlanChange {
  const id = `h${next.host}`
  switch (next.do) {
    case 'join':
      return joinPlan(plan, { id, rack: next.rack, canServe: next.canServe })
    case 'leave':
      return leavePlan(plan, id)
    case 'finish':
      return finishInPlan(plan, id)
    case 'blame': {
      const source = hostOf(plan, id)?.sources[next.stripe] ?? 'nobody'
      return blameInPlan(plan, id, source, next.slow ? 'slow' : 'dead')
    }
  }
}

function hostOf({ hosts }: RelayPlan, id: string): RelayHost | undefined {
  return hosts.find((known) => known.id === id)
}

function joinMany(count: number): RelayPlan {
  return Array.from({ length: count }, (_, index) => `h${index}`).reduce(
    (plan, id) => joinPlan(plan, { id, canServe: true }).plan,
    emptyPlan,
  )
}

/** The hosts that take a stripe from this one. */
function childrenOf({ hosts }: RelayPlan, id: string, stripe: number): readonly RelayHost[] {
  return hosts.filter(({ sources }) => sources[stripe] === id)
}

const stripes = Array.from({ length: stripeCount }, (_, stripe) => stripe)

function loadOf(plan: RelayPlan, id: string): number {
  return stripes.reduce((sum, stripe) => sum + childrenOf(plan, id, stripe).length, 0)
}

function expectSound(plan: RelayPlan): void {
  for (const { id, canServe, sources, avoids, stripe: own } of plan.hosts) {
    expect([0, stripeCount]).toContain(sources.length)
    const passedOn = stripes.filter((stripe) => childrenOf(plan, id, stripe).length > 0)
    if (sources.length > 0) expect(passedOn.filter((stripe) => stripe !== own)).toEqual([])
    if (!canServe) expect(passedOn).toEqual([])
    expect(loadOf(plan, id)).toBeLessThanOrEqual(6)
    for (const source of sources) {
      expect(source === server || hostOf(plan, source)).toBeTruthy()
      expect(avoids).not.toContain(source)
    }
  }
  for (const stripe of stripes) expectTree(plan, stripe)
}

/** Every path up ends at the server, or at a complete host. */
function expectTree(plan: RelayPlan, stripe: number): void {
  for (const start of plan.hosts) {
    const seen = new Set<string>()
    let at: RelayHost | undefined = start
    while (at !== undefined) {
      expect(seen.has(at.id)).toBe(false)
      seen.add(at.id)
      at = hostOf(plan, at.sources[stripe] ?? server)
    }
  }
}

describe('a relay plan', () => {
  it('stays sound for any behaviour of hosts', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        let plan = emptyPlan
        for (const next of steps) {
          const before = plan
          const change = apply(plan, next)
          plan = change.plan
          expectSound(plan)
          const changed = plan.hosts.filter(
            ({ id, sources }) =>
              sources.length > 0 && sources.join() !== hostOf(before, id)?.sources.join(),
          )
          const told = change.moved.map(({ id }) => id)
          expect(told).toEqual(expect.arrayContaining(changed.map(({ id }) => id)))
        }
      }),
      { numRuns: 200 },
    )
  })

  it('has the server send little more than the library once', () => {
    for (let count = 4; count <= 24; count++) {
      const hosts = joinMany(24).hosts.slice(0, count)
      const plan = hosts.reduce(
        (before, { id }) => joinPlan(before, { id, canServe: true }).plan,
        emptyPlan,
      )
      const served = stripes.map((stripe) => childrenOf(plan, server, stripe).length)
      expect(served).toEqual([1, 1, 1, 1])
    }
  })

  it.each([
    [4, 2],
    [24, 4],
    [100, 5],
    [500, 6],
  ])('has %i hosts send no more than they receive, over at most %i hops', (count, maxHops) => {
    const plan = joinMany(count)
    const loads = plan.hosts.map(({ id }) => loadOf(plan, id))
    expect(Math.max(...loads)).toBeLessThanOrEqual(stripeCount)
    const hops = plan.hosts.flatMap((each) => answerOf(plan, each).hops)
    expect(Math.max(...hops)).toBeLessThanOrEqual(maxHops)
  })

  it('serves the first host from the server, and others from that host', () => {
    const first = joinPlan(emptyPlan, { id: 'a', canServe: true })
    expect(first.moved).toMatchObject([{ id: 'a', sources: [server, server, server, server] }])
    const second = joinPlan(first.plan, { id: 'b', canServe: true })
    expect(hostOf(second.plan, 'b')?.sources).toEqual(['a', server, server, server])
    expect(hostOf(second.plan, 'a')?.sources).toEqual([server, 'b', server, server])
  })

  it('uses a complete host as a source of every stripe', () => {
    const { plan } = joinPlan(emptyPlan, { id: 'a', canServe: true })
    const later = joinPlan(finishInPlan(plan, 'a').plan, { id: 'b', canServe: true })
    expect(hostOf(later.plan, 'b')?.sources).toEqual(['a', 'a', 'a', 'a'])
  })

  it('prefers sources in the same rack', () => {
    const racks = (index: number): string => (index % 2 === 0 ? 'r1' : 'r2')
    const plan = Array.from({ length: 24 }, (_, index) => index).reduce(
      (before, index) =>
        joinPlan(before, { id: `h${index}`, canServe: true, rack: racks(index) }).plan,
      emptyPlan,
    )
    const pairs = plan.hosts.flatMap(({ rack, sources }) =>
      sources.flatMap((source) => {
        const from = hostOf(plan, source)
        return from === undefined ? [] : [from.rack === rack]
      }),
    )
    const near = pairs.filter(Boolean).length
    expect(near).toBeGreaterThan(pairs.length / 2)
  })

  it('drops a host with as many accusers as takers, and one that cannot be reached', () => {
    let plan = joinMany(24)
    const liar = plan.hosts.find(({ id }) => loadOf(plan, id) >= 3)?.id ?? ''
    const children = plan.hosts.filter(({ sources }) => sources.includes(liar))
    const [one] = children
    plan = blameInPlan(plan, one?.id ?? '', liar, 'wrong').plan
    expect(hostOf(plan, one?.id ?? '')?.sources).not.toContain(liar)
    expect(hostOf(plan, liar)?.canServe).toBe(true)
    for (const child of children.slice(1)) plan = blameInPlan(plan, child.id, liar, 'dead').plan
    expect(loadOf(plan, liar)).toBe(0)
    // A new join does not clear it.
    plan = joinPlan(plan, { id: liar, canServe: true }).plan
    expect(hostOf(plan, liar)?.canServe).toBe(false)
    expectSound(plan)
  })

  it('ignores a report about a source that the host was not given', () => {
    const plan = joinMany(24)
    const good = plan.hosts.find(({ id }) => loadOf(plan, id) >= 3)?.id ?? ''
    const strangers = plan.hosts.filter(({ id, sources }) => id !== good && !sources.includes(good))
    const accused = strangers.reduce(
      (before, { id }) => blameInPlan(before, id, good, 'wrong').plan,
      plan,
    )
    expect(accused).toEqual(plan)
  })

  it('keeps a source for satisfied hosts, when others collude', () => {
    // Two machines, with any number of ports.
    let plan = joinMany(24)
    for (let port = 1; port <= 40; port += 1) {
      const id = `evil${port % 2}:${port}`
      plan = joinPlan(plan, { id, canServe: false }).plan
      for (const source of new Set(hostOf(plan, id)?.sources)) {
        plan = blameInPlan(plan, id, source, 'wrong').plan
      }
    }
    const serving = plan.hosts.filter(({ id, canServe }) => id.startsWith('h') && canServe)
    expect(serving.length).toBeGreaterThanOrEqual(20)
    expectSound(plan)
  })

  it('continues when a fifth of the hosts is gone', () => {
    const plan = ['h0', 'h1', 'h6', 'h11', 'h16'].reduce(
      (before, id) => leavePlan(before, id).plan,
      joinMany(24),
    )
    expectSound(plan)
    const served = stripes.map((stripe) => childrenOf(plan, server, stripe).length)
    expect(Math.max(...served)).toBeLessThanOrEqual(3)
  })

  it('limits the number of hosts, and serves the others from the server', () => {
    const hosts = Array.from({ length: maxRelayHosts }, (_, index): RelayHost => ({
      id: `h${index}`,
      canServe: false,
      stripe: 0,
      sources: [],
      avoids: [],
      accusers: [],
    }))
    const { plan, moved } = joinPlan({ hosts }, { id: 'late', canServe: true })
    expect(plan.hosts).toHaveLength(maxRelayHosts)
    expect(moved).toMatchObject([{ id: 'late', sources: [server, server, server, server] }])
  })
})
