/**
 * Who is offered what, and when: every interval, each agent's free resources go to the role and framework with the
 * smallest dominant share that has not filtered or suppressed them.
 * Source: apache/mesos src/master/allocator/mesos/hierarchical.cpp, simplified: no weights, no quota, no nesting.
 */
import type { Filters } from '../mesos/types.generated.ts'
import {
  addAmounts,
  containsAmounts,
  dominantShare,
  isAllocatable,
  NO_AMOUNTS,
  subtractAmounts,
  type Amounts,
} from './resources.ts'

/** An amount of one agent that a framework holds in one role, offered or used. */
export interface Allocation {
  readonly frameworkId: string
  readonly role: string
  readonly agentId: string
  readonly amounts: Amounts
}

export interface AllocatorOptions {
  /** Time between two rounds, in ms; also the shortest effective filter. */
  readonly intervalMs: number
  readonly onOffers: (frameworkId: string, allocations: readonly Allocation[]) => void
}

export interface Allocator {
  addAgent(agentId: string, total: Amounts): void
  /** What it had is in nobody's hands any more; nothing is offered there until it is added again. */
  removeAgent(agentId: string): void
  /** An agent that is away keeps what is used there, and nothing of it is offered. */
  setAgentActive(agentId: string, isActive: boolean): void
  /** Takes from what is free what was in use before this allocator knew of it. */
  claim(allocation: Allocation): void
  /** Adds a framework, or takes its new roles; a round follows at once. */
  putFramework(frameworkId: string, roles: readonly string[], suppressed: readonly string[]): void
  removeFramework(frameworkId: string): void
  /** A framework that is away gets no offers and keeps what it uses, until it is put again. */
  deactivate(frameworkId: string): void
  /** Without roles: all of them. With a role that is not the framework's nothing happens at all. */
  suppress(frameworkId: string, roles: readonly string[]): void
  /** Ends suppression and filters; the same rule about roles. */
  revive(frameworkId: string, roles: readonly string[]): void
  /** Takes back what is no longer used; with filters, it is not offered there again for a while. */
  recover(allocation: Allocation, filters?: { readonly filters: Filters | undefined }): void
  /** A round now, whatever the interval. */
  allocate(): void
  close(): void
}

interface Claimant {
  readonly frameworkId: string
  roles: readonly string[]
  isActive: boolean
  readonly suppressed: Set<string>
  readonly allocated: Map<string, Amounts>
  filters: readonly Filter[]
}

interface Filter {
  readonly role: string
  readonly agentId: string
  readonly amounts: Amounts
  readonly untilMs: number
}

interface Pool {
  readonly total: Amounts
  free: Amounts
  isActive: boolean
}

const DEFAULT_REFUSE_SECONDS = 5
const MAX_REFUSE_SECONDS = 365 * 24 * 3600

/** How long a filter keeps resources away, in ms; 0 means no filter. */
export function filterDurationMs(filters: Filters | undefined, intervalMs: number): number {
  const seconds = filters?.refuseSeconds ?? DEFAULT_REFUSE_SECONDS
  const valid = seconds >= 0 ? Math.min(seconds, MAX_REFUSE_SECONDS) : DEFAULT_REFUSE_SECONDS
  return valid === 0 ? 0 : Math.max(valid * 1000, intervalMs)
}

export function createAllocator(options: AllocatorOptions): Allocator {
  const pools = new Map<string, Pool>()
  const claimants = new Map<string, Claimant>()
  const timer = setInterval(allocate, options.intervalMs)
  let soon: NodeJS.Immediate | undefined

  function allocateSoon(): void {
    soon ??= setImmediate(() => {
      soon = undefined
      allocate()
    })
  }

  function allocate(): void {
    dropExpiredFilters(claimants, Date.now())
    const offered = new Map<string, Allocation[]>()
    for (const [agentId, pool] of pools) {
      const allocation = allocateAgent(agentId, pool)
      if (allocation === undefined) continue
      const list = offered.get(allocation.frameworkId) ?? []
      offered.set(allocation.frameworkId, [...list, allocation])
    }
    for (const [frameworkId, allocations] of offered) options.onOffers(frameworkId, allocations)
  }

  function allocateAgent(agentId: string, pool: Pool): Allocation | undefined {
    if (!pool.isActive || !isAllocatable(pool.free)) return undefined
    const winner = chooseClaimant(claimants, pools, { agentId, amounts: pool.free })
    if (winner === undefined) return undefined
    const allocation = { ...winner, agentId, amounts: pool.free }
    hold(allocation)
    pool.free = NO_AMOUNTS
    return allocation
  }

  function hold({ amounts, frameworkId, role }: Allocation): void {
    const claimant = claimants.get(frameworkId)
    const before = claimant?.allocated.get(role) ?? NO_AMOUNTS
    claimant?.allocated.set(role, addAmounts(before, amounts))
  }

  return {
    addAgent(agentId, total) {
      pools.set(agentId, { total, free: total, isActive: true })
      allocateSoon()
    },
    removeAgent(agentId) {
      pools.delete(agentId)
      for (const claimant of claimants.values()) {
        claimant.filters = claimant.filters.filter((filter) => filter.agentId !== agentId)
      }
    },
    setAgentActive(agentId, isActive) {
      const pool = pools.get(agentId)
      if (pool !== undefined) pool.isActive = isActive
      if (isActive) allocateSoon()
    },
    claim(allocation) {
      const pool = pools.get(allocation.agentId)
      if (pool === undefined) return
      pool.free = subtractAmounts(pool.free, allocation.amounts)
      hold(allocation)
    },
    putFramework(frameworkId, roles, suppressed) {
      const claimant = claimants.get(frameworkId) ?? newClaimant(frameworkId)
      claimant.roles = roles
      claimant.isActive = true
      claimant.suppressed.clear()
      for (const role of suppressed) claimant.suppressed.add(role)
      claimants.set(frameworkId, claimant)
      allocateSoon()
    },
    removeFramework(frameworkId) {
      claimants.delete(frameworkId)
    },
    deactivate(frameworkId) {
      const claimant = claimants.get(frameworkId)
      if (claimant === undefined) return
      claimant.isActive = false
      claimant.filters = []
    },
    suppress(frameworkId, roles) {
      const claimant = claimants.get(frameworkId)
      for (const role of affectedRoles(claimant, roles)) claimant?.suppressed.add(role)
    },
    revive(frameworkId, roles) {
      const claimant = claimants.get(frameworkId)
      const affected = affectedRoles(claimant, roles)
      if (claimant === undefined || affected.length === 0) return
      for (const role of affected) claimant.suppressed.delete(role)
      claimant.filters = claimant.filters.filter(({ role }) => !affected.includes(role))
      allocateSoon()
    },
    recover(allocation, refused) {
      const { agentId, amounts, frameworkId, role } = allocation
      const pool = pools.get(agentId)
      if (pool === undefined || amounts.size === 0) return
      pool.free = sortLike(pool.total, addAmounts(pool.free, amounts))
      const claimant = claimants.get(frameworkId)
      if (claimant === undefined) return
      const held = claimant.allocated.get(role) ?? NO_AMOUNTS
      claimant.allocated.set(role, subtractAmounts(held, amounts))
      const durationMs =
        refused === undefined ? 0 : filterDurationMs(refused.filters, options.intervalMs)
      if (durationMs === 0) return
      const filter = { role, agentId, amounts, untilMs: Date.now() + durationMs }
      claimant.filters = [...claimant.filters, filter]
    },
    allocate,
    close() {
      clearInterval(timer)
      clearImmediate(soon)
    },
  }
}

function newClaimant(frameworkId: string): Claimant {
  return {
    frameworkId,
    roles: [],
    isActive: true,
    suppressed: new Set(),
    allocated: new Map(),
    filters: [],
  }
}

function dropExpiredFilters(claimants: ReadonlyMap<string, Claimant>, nowMs: number): void {
  for (const claimant of claimants.values()) {
    claimant.filters = claimant.filters.filter(({ untilMs }) => untilMs > nowMs)
  }
}

function affectedRoles(
  claimant: Claimant | undefined,
  roles: readonly string[],
): readonly string[] {
  if (claimant === undefined) return []
  if (roles.length === 0) return claimant.roles
  return roles.every((role) => claimant.roles.includes(role)) ? roles : []
}

interface Candidate {
  readonly claimant: Claimant
  readonly role: string
  readonly roleShare: number
  readonly share: number
}

function chooseClaimant(
  claimants: ReadonlyMap<string, Claimant>,
  pools: ReadonlyMap<string, Pool>,
  offered: { readonly agentId: string; readonly amounts: Amounts },
): { readonly frameworkId: string; readonly role: string } | undefined {
  const total = sumAmounts([...pools.values()].map((pool) => pool.total))
  const candidates: Candidate[] = []
  for (const claimant of claimants.values()) {
    for (const role of claimant.roles) {
      if (!wants(claimant, role, offered)) continue
      const share = dominantShare(claimant.allocated.get(role) ?? NO_AMOUNTS, total)
      candidates.push({ claimant, role, roleShare: shareOfRole(claimants, role, total), share })
    }
  }
  candidates.sort((a, b) => a.roleShare - b.roleShare || a.share - b.share)
  const [first] = candidates
  return first && { frameworkId: first.claimant.frameworkId, role: first.role }
}

function wants(
  claimant: Claimant,
  role: string,
  offered: { readonly agentId: string; readonly amounts: Amounts },
): boolean {
  if (!claimant.isActive || claimant.suppressed.has(role)) return false
  return !claimant.filters.some(
    (filter) =>
      filter.role === role &&
      filter.agentId === offered.agentId &&
      containsAmounts(filter.amounts, offered.amounts),
  )
}

function shareOfRole(
  claimants: ReadonlyMap<string, Claimant>,
  role: string,
  total: Amounts,
): number {
  const allocated = [...claimants.values()].map(({ allocated }) => allocated.get(role))
  return dominantShare(sumAmounts(allocated.filter((amounts) => amounts !== undefined)), total)
}

function sumAmounts(list: readonly Amounts[]): Amounts {
  return list.reduce(addAmounts, NO_AMOUNTS)
}

/** Offers list resources in the order in which the agent does, whatever was taken and given back. */
function sortLike(total: Amounts, amounts: Amounts): Amounts {
  const names = [...total.keys()]
  return new Map([...amounts].sort(([a], [b]) => names.indexOf(a) - names.indexOf(b)))
}
