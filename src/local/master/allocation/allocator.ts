/**
 * Who is offered what, and when: every interval, each agent's free resources go to the roles and frameworks with the
 * smallest dominant shares that can use them and have not filtered or suppressed them. One allocation is of one agent
 * and one role. A round costs agents × (roles + frameworks), whatever is outstanding.
 * Source: apache/mesos src/master/allocator/mesos/hierarchical.cpp; no weights and no quota.
 */
import type {
  AgentInfo,
  Filters,
  FrameworkInfo,
  Unavailability,
} from '../../../mesos/types.generated.ts'
import { scalarTotals } from '../../resources/resources.ts'
import type { Amounts } from '../../resources/resources.ts'
import { createAgentPools } from './agent-pools.ts'
import type { AgentPool, Allocation } from './agent-pools.ts'
import { createClaimants } from './claimants.ts'
import type { Claimant, ClaimantOptions } from './claimants.ts'
import { createInverseOffers } from './inverse-allocation.ts'
import type { InverseAllocation, InverseResponse } from './inverse-allocation.ts'
import { filterDurationMs } from './offer-filters.ts'
import { defaultMinAllocatable, isWorthOffering, offerableTo, orderForOffer } from './offerable.ts'
import type { MinAllocatable } from './offerable.ts'

export interface AllocatorOptions {
  /** Time between two rounds, in ms; also the shortest effective filter. */
  readonly intervalMs: number
  /** Default 0.01 cpus or 32 MB of memory. A framework's `offer_filters` go before it. */
  readonly minAllocatable?: MinAllocatable
  readonly onOffers: (frameworkId: string, allocations: readonly Allocation[]) => void
  readonly onInverseOffers?: (frameworkId: string, offers: readonly InverseAllocation[]) => void
}

export interface AllocatedAgent {
  readonly info: AgentInfo
  /** Reservations and volumes included. */
  readonly total: Amounts
  readonly unavailability?: Unavailability | undefined
}

export interface Allocator {
  /** Its free resources are offered at once. */
  addAgent(agentId: string, agent: AllocatedAgent): void
  /** What it had is in nobody's hands any more; nothing is offered there until it is added again. */
  removeAgent(agentId: string): void
  /** An agent that is away keeps what is used there, and nothing of it is offered. */
  setAgentActive(agentId: string, isActive: boolean): void
  /** Takes from what is free what was in use before this allocator knew of it. */
  claim(allocation: Allocation): void
  /** Everything that the agent has, free or not, reservations and volumes included. */
  totalOf(agentId: string): Amounts | undefined
  /** Adds a framework, or makes it active again with these roles; a round follows at once. */
  putFramework(frameworkId: string, info: FrameworkInfo, options?: ClaimantOptions): void
  /** Takes new roles and options; nothing is offered before the next round, unless a role is no longer suppressed. */
  updateFramework(frameworkId: string, info: FrameworkInfo, options?: ClaimantOptions): void
  removeFramework(frameworkId: string): void
  /** A framework that is away gets no offers and keeps what it uses, until it is put again. */
  deactivate(frameworkId: string): void
  /** Without roles: all of them. With a role that is not the framework's nothing happens at all. */
  suppress(frameworkId: string, roles: readonly string[]): void
  /** Ends suppression and filters; the same rule about roles. */
  revive(frameworkId: string, roles: readonly string[]): void
  /** Takes back what is no longer used; with filters, it is not offered there again for a while. */
  recover(allocation: Allocation, filters?: { readonly filters: Filters | undefined }): void
  /** What a framework holds of an agent becomes something else: reserved, a volume, or plain again. */
  convert(allocation: Omit<Allocation, 'amounts'>, consumed: Amounts, converted: Amounts): void
  /** Offers of the agent come at once, and inverse offers to all who use it. Undefined ends its maintenance. */
  setUnavailability(agentId: string, unavailability: Unavailability | undefined): void
  /** An inverse offer is no longer out; without response it was rescinded. */
  settleInverseOffer(agentId: string, frameworkId: string, response?: InverseResponse): void
  /** What frameworks last answered to inverse offers of this agent. */
  inverseResponses(agentId: string): ReadonlyMap<string, InverseResponse>
  /** A round now, whatever the interval. */
  allocate(): void
  close(): void
}

export function createAllocator(options: AllocatorOptions): Allocator {
  const least = options.minAllocatable ?? defaultMinAllocatable
  const pools = createAgentPools()
  const claimants = createClaimants(pools.quantities)
  const inverse = createInverseOffers(options)
  const candidates = new Set<AgentPool>()
  const timer = setInterval(() => allocate(pools.values()), options.intervalMs)
  let soon: NodeJS.Immediate | undefined

  function allocateSoon(agents: Iterable<AgentPool>): void {
    for (const pool of agents) candidates.add(pool)
    soon ??= setImmediate(() => {
      soon = undefined
      const chosen = [...candidates]
      candidates.clear()
      allocate(chosen)
    })
  }

  function allocate(agents: Iterable<AgentPool>): void {
    const offered = new Map<string, Allocation[]>()
    const nowMs = performance.now()
    const chosen = [...agents].filter((pool) => pool.isActive)
    for (const pool of chosen) {
      if (pool.free.size > 0) allocateAgent(pool, offered, nowMs)
    }
    for (const [frameworkId, allocations] of offered) options.onOffers(frameworkId, allocations)
    inverse.generate(chosen, claimants, nowMs)
  }

  function allocateAgent(pool: AgentPool, offered: Map<string, Allocation[]>, nowMs: number): void {
    for (const { claimant, role } of claimants.inOrder(() => pool.free.size > 0)) {
      const amounts = chooseAmounts(pool, claimant, role, nowMs)
      if (amounts === undefined) continue
      const { frameworkId } = claimant
      const allocation = { frameworkId, role, agentId: pool.agentId, amounts }
      take(allocation)
      const list = offered.get(frameworkId)
      if (list === undefined) offered.set(frameworkId, [allocation])
      else list.push(allocation)
    }
  }

  function chooseAmounts(
    pool: AgentPool,
    claimant: Claimant,
    role: string,
    nowMs: number,
  ): Amounts | undefined {
    const { appetite } = claimant
    if (pool.hasGpus && !appetite.takesGpus) return undefined
    if (claimant.isExcluded(role, pool.info)) return undefined
    const amounts = offerableTo(pool.free, role, appetite)
    if (!isWorthOffering(amounts, appetite.minAllocatable.get(role) ?? least)) return undefined
    return claimant.filters.isFiltered(role, pool.agentId, amounts, nowMs)
      ? undefined
      : orderForOffer(amounts)
  }

  function take(allocation: Allocation): void {
    pools.take(allocation)
    claimants.allocate(allocation, scalarTotals(allocation.amounts))
  }

  return {
    addAgent(agentId, { info, total, unavailability }) {
      const pool = pools.add(agentId, info, total)
      claimants.invalidate()
      inverse.set(agentId, unavailability)
      allocateSoon([pool])
    },
    removeAgent(agentId) {
      for (const allocation of pools.remove(agentId)) {
        claimants.release(allocation, scalarTotals(allocation.amounts))
      }
      claimants.dropAgent(agentId)
      inverse.set(agentId, undefined)
    },
    setAgentActive(agentId, isActive) {
      const pool = pools.get(agentId)
      if (pool === undefined) return
      pool.isActive = isActive
      if (isActive) allocateSoon([pool])
    },
    claim: take,
    totalOf: (agentId) => pools.get(agentId)?.total,
    putFramework(frameworkId, info, claimantOptions) {
      claimants.put(frameworkId, info, claimantOptions)
      allocateSoon(pools.values())
    },
    updateFramework: claimants.update,
    removeFramework(frameworkId) {
      inverse.forgetFramework(frameworkId)
      claimants.remove(frameworkId)
    },
    deactivate(frameworkId) {
      inverse.dropFilters(frameworkId)
      claimants.deactivate(frameworkId)
    },
    suppress: claimants.suppress,
    revive(frameworkId, roles) {
      if (!claimants.revive(frameworkId, roles)) return
      inverse.dropFilters(frameworkId)
      allocateSoon(pools.values())
    },
    recover(allocation, refused) {
      const { agentId, amounts, frameworkId, role } = allocation
      if (amounts.size === 0 || !pools.release(allocation)) return
      claimants.release(allocation, scalarTotals(amounts))
      if (refused === undefined) return
      const durationMs = filterDurationMs(refused.filters, options.intervalMs)
      if (durationMs === 0) return
      const { filters } = claimants.get(frameworkId) ?? {}
      filters?.add(role, agentId, amounts, performance.now() + durationMs)
    },
    convert: pools.convert,
    setUnavailability(agentId, unavailability) {
      const pool = pools.get(agentId)
      if (pool === undefined) return
      inverse.set(agentId, unavailability)
      allocateSoon([pool])
    },
    settleInverseOffer: inverse.settle,
    inverseResponses: inverse.responses,
    allocate: () => allocate(pools.values()),
    close() {
      clearInterval(timer)
      clearImmediate(soon)
    },
  }
}
