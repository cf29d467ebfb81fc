/**
 * Allocates resources: every interval, each agent's free resources go to the roles and frameworks
 * with the smallest dominant shares that can use them and have not filtered or suppressed them. One
 * allocation is of one agent and one role. A round costs agents × (roles + frameworks), whatever is
 * outstanding.
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
import type { ClaimantOptions } from './claimant.ts'
import { Claimants } from './claimants.ts'
import type { Claim } from './claimants.ts'
import { createInverseOffers } from './inverse-allocation.ts'
import type { InverseAllocation, InverseOffers, InverseResponse } from './inverse-allocation.ts'
import { filterDurationMs } from './offer-filters.ts'
import { defaultMinAllocatable, isWorthOffering, offerableTo, orderForOffer } from './offerable.ts'
import type { MinAllocatable } from './offerable.ts'

export interface AllocatorOptions {
  /** Time between two rounds, in ms; also the shortest effective filter. */
  readonly intervalMs: number
  /** Default 0.01 cpus or 32 MB of memory. A framework's `offer_filters` win over it. */
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

export class Allocator {
  readonly #options: AllocatorOptions
  readonly #pools = createAgentPools()
  readonly #claimants = new Claimants(this.#pools.quantities)
  readonly #inverse: InverseOffers
  readonly #timer: NodeJS.Timeout
  /** Agents of the next round that does not wait for the interval. */
  readonly #candidates = new Set<AgentPool>()
  #nextRound: NodeJS.Immediate | undefined

  /** Allocates at once when something changes, and every interval until `close`. */
  constructor(options: AllocatorOptions) {
    this.#options = options
    this.#inverse = createInverseOffers(options)
    this.#timer = setInterval(() => this.allocate(), options.intervalMs)
  }

  /** Adds an agent and offers its free resources at once. */
  addAgent(agentId: string, { info, total, unavailability }: AllocatedAgent): void {
    const pool = this.#pools.add(agentId, info, total)
    this.#claimants.invalidate()
    this.#inverse.set(agentId, unavailability)
    this.#allocateSoon([pool])
  }

  /** Forgets an agent with everything that frameworks hold of it. */
  removeAgent(agentId: string): void {
    for (const allocation of this.#pools.remove(agentId)) {
      this.#claimants.release(allocation, scalarTotals(allocation.amounts))
    }
    this.#claimants.dropAgent(agentId)
    this.#inverse.set(agentId, undefined)
  }

  /** Offers nothing of an inactive agent; frameworks keep what they use there. */
  setAgentActive(agentId: string, isActive: boolean): void {
    const pool = this.#pools.get(agentId)
    if (pool === undefined) return
    pool.isActive = isActive
    if (isActive) this.#allocateSoon([pool])
  }

  /** Takes resources that were in use before this allocator started. */
  claim(allocation: Allocation): void {
    this.#pools.take(allocation)
    this.#claimants.allocate(allocation, scalarTotals(allocation.amounts))
  }

  /** Everything that the agent has, free or not, reservations and volumes included. */
  totalOf(agentId: string): Amounts | undefined {
    return this.#pools.get(agentId)?.total
  }

  /** Adds a framework, or activates it again with these roles; a round follows at once. */
  putFramework(frameworkId: string, info: FrameworkInfo, options?: ClaimantOptions): void {
    this.#claimants.put(frameworkId, info, options)
    this.#allocateSoon(this.#pools.values())
  }

  /** Changes roles and options. They count from the next round. */
  updateFramework(frameworkId: string, info: FrameworkInfo, options?: ClaimantOptions): void {
    this.#claimants.update(frameworkId, info, options)
  }

  removeFramework(frameworkId: string): void {
    this.#inverse.forgetFramework(frameworkId)
    this.#claimants.remove(frameworkId)
  }

  /** Offers nothing to a framework that is away, until `putFramework`; it keeps what it uses. */
  deactivate(frameworkId: string): void {
    this.#inverse.dropFilters(frameworkId)
    this.#claimants.deactivate(frameworkId)
  }

  /** No roles: all of them. Does nothing if one of the roles is not the framework's. */
  suppress(frameworkId: string, roles: readonly string[]): void {
    this.#claimants.suppress(frameworkId, roles)
  }

  /** Ends suppression and filters. Roles as in `suppress`. */
  revive(frameworkId: string, roles: readonly string[]): void {
    if (!this.#claimants.revive(frameworkId, roles)) return
    this.#inverse.dropFilters(frameworkId)
    this.#allocateSoon(this.#pools.values())
  }

  /**
   * Frees resources that are no longer used. With filters, they are not offered there for a while.
   */
  recover(allocation: Allocation, refused?: { readonly filters: Filters | undefined }): void {
    const { agentId, amounts, frameworkId, role } = allocation
    if (amounts.size === 0 || !this.#pools.release(allocation)) return
    this.#claimants.release(allocation, scalarTotals(amounts))
    if (refused === undefined) return
    const durationMs = filterDurationMs(refused.filters, this.#options.intervalMs)
    if (durationMs === 0) return
    const { filters } = this.#claimants.get(frameworkId) ?? {}
    filters?.add(role, agentId, amounts, performance.now() + durationMs)
  }

  /** Replaces resources that a framework holds: reserved, a volume, or plain again. */
  convert(allocation: Omit<Allocation, 'amounts'>, consumed: Amounts, converted: Amounts): void {
    this.#pools.convert(allocation, consumed, converted)
  }

  /**
   * Sends offers of the agent, and inverse offers to its users, at once. Undefined ends its
   * maintenance.
   */
  setUnavailability(agentId: string, unavailability: Unavailability | undefined): void {
    const pool = this.#pools.get(agentId)
    if (pool === undefined) return
    this.#inverse.set(agentId, unavailability)
    this.#allocateSoon([pool])
  }

  /** Ends an outstanding inverse offer; without response it was rescinded. */
  settleInverseOffer(agentId: string, frameworkId: string, response?: InverseResponse): void {
    this.#inverse.settle(agentId, frameworkId, response)
  }

  /** The last answer of each framework to inverse offers of this agent. */
  inverseResponses(agentId: string): ReadonlyMap<string, InverseResponse> {
    return this.#inverse.responses(agentId)
  }

  /** Runs a round of all agents now. */
  allocate(): void {
    this.#allocate(this.#pools.values())
  }

  close(): void {
    clearInterval(this.#timer)
    clearImmediate(this.#nextRound)
  }

  #allocateSoon(agents: Iterable<AgentPool>): void {
    for (const pool of agents) this.#candidates.add(pool)
    this.#nextRound ??= setImmediate(() => {
      this.#nextRound = undefined
      const chosen = [...this.#candidates]
      this.#candidates.clear()
      this.#allocate(chosen)
    })
  }

  #allocate(agents: Iterable<AgentPool>): void {
    const offered = new Map<string, Allocation[]>()
    const nowMs = performance.now()
    const chosen = [...agents].filter((pool) => pool.isActive)
    for (const pool of chosen) {
      if (pool.free.size > 0) this.#allocateAgent(pool, offered, nowMs)
    }
    for (const [frameworkId, allocations] of offered)
      this.#options.onOffers(frameworkId, allocations)
    this.#inverse.generate(chosen, this.#claimants, nowMs)
  }

  #allocateAgent(pool: AgentPool, offered: Map<string, Allocation[]>, nowMs: number): void {
    for (const claim of this.#claimants.inOrder(() => pool.free.size > 0)) {
      const amounts = this.#chooseAmounts(pool, claim, nowMs)
      if (amounts === undefined) continue
      const { frameworkId } = claim.claimant
      const allocation = { frameworkId, role: claim.role, agentId: pool.agentId, amounts }
      this.claim(allocation)
      const list = offered.get(frameworkId)
      if (list === undefined) offered.set(frameworkId, [allocation])
      else list.push(allocation)
    }
  }

  #chooseAmounts(
    { agentId, free, hasGpus, info }: AgentPool,
    { claimant: { appetite, filters, isExcluded }, role }: Claim,
    nowMs: number,
  ): Amounts | undefined {
    if (hasGpus && !appetite.takesGpus) return undefined
    if (isExcluded(role, info)) return undefined
    const amounts = offerableTo(free, role, appetite)
    const least = this.#options.minAllocatable ?? defaultMinAllocatable
    if (!isWorthOffering(amounts, appetite.minAllocatable.get(role) ?? least)) return undefined
    return filters.isFiltered(role, agentId, amounts, nowMs) ? undefined : orderForOffer(amounts)
  }
}
