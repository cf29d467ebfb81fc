/** The resources of each agent: in total, free, and held by frameworks. */
import type { AgentInfo } from '../../../mesos/types.generated.ts'
import { addAmounts, noAmounts, scalarTotals, subtractAmounts } from '../../resources/resources.ts'
import type { Amounts } from '../../resources/resources.ts'

/** Resources of one agent that are offered to a framework in one role, or used by it. */
export interface Allocation {
  readonly frameworkId: string
  readonly role: string
  readonly agentId: string
  readonly amounts: Amounts
}

export interface AgentPool {
  readonly agentId: string
  readonly info: AgentInfo
  readonly hasGpus: boolean
  isActive: boolean
  total: Amounts
  free: Amounts
  /** By framework id, then role. No amounts are empty. */
  readonly held: Map<string, Map<string, Amounts>>
}

export interface AgentPools {
  /** Totals of the cluster in thousandths, by name: a live view. */
  readonly quantities: ReadonlyMap<string, number>
  add(agentId: string, info: AgentInfo, total: Amounts): AgentPool
  /** Returns the allocations of the removed agent. */
  remove(agentId: string): Allocation[]
  get(agentId: string): AgentPool | undefined
  values(): Iterable<AgentPool>
  take(allocation: Allocation): void
  /** False for an unknown agent. */
  release(allocation: Allocation): boolean
  convert(allocation: Omit<Allocation, 'amounts'>, consumed: Amounts, converted: Amounts): void
}

export function createAgentPools(): AgentPools {
  const pools = new Map<string, AgentPool>()
  const quantities = new Map<string, number>()

  function count(total: Amounts, sign: 1 | -1): void {
    for (const [name, milli] of scalarTotals(total)) {
      quantities.set(name, (quantities.get(name) ?? 0) + sign * milli)
    }
  }

  return {
    quantities,
    add(agentId, info, total) {
      const hasGpus = (scalarTotals(total).get('gpus') ?? 0) > 0
      const pool = { agentId, info, hasGpus, isActive: true, total, free: total, held: new Map() }
      pools.set(agentId, pool)
      count(total, 1)
      return pool
    },
    remove(agentId) {
      const pool = pools.get(agentId)
      if (pool === undefined) return []
      pools.delete(agentId)
      count(pool.total, -1)
      return [...pool.held].flatMap(([frameworkId, roles]) =>
        [...roles].map(([role, amounts]) => ({ frameworkId, role, agentId, amounts })),
      )
    },
    get: (agentId) => pools.get(agentId),
    values: () => pools.values(),
    take(allocation) {
      const pool = pools.get(allocation.agentId)
      if (pool === undefined) return
      pool.free = subtractAmounts(pool.free, allocation.amounts)
      changeHeld(pool, allocation, noAmounts, allocation.amounts)
    },
    release(allocation) {
      const pool = pools.get(allocation.agentId)
      if (pool === undefined) return false
      pool.free = sortLike(pool.total, addAmounts(pool.free, allocation.amounts))
      changeHeld(pool, allocation, allocation.amounts, noAmounts)
      return true
    },
    convert(allocation, consumed, converted) {
      const pool = pools.get(allocation.agentId)
      if (pool === undefined) return
      pool.total = addAmounts(subtractAmounts(pool.total, consumed), converted)
      changeHeld(pool, allocation, consumed, converted)
    },
  }
}

function changeHeld(
  { held }: AgentPool,
  { frameworkId, role }: Omit<Allocation, 'amounts'>,
  less: Amounts,
  more: Amounts,
): void {
  const roles = held.get(frameworkId) ?? new Map<string, Amounts>()
  const amounts = addAmounts(subtractAmounts(roles.get(role) ?? noAmounts, less), more)
  if (amounts.size === 0) roles.delete(role)
  else roles.set(role, amounts)
  if (roles.size === 0) held.delete(frameworkId)
  else held.set(frameworkId, roles)
}

/** Sorts amounts like the agent's total: offers list resources in that order. */
function sortLike(total: Amounts, amounts: Amounts): Amounts {
  const sorted = new Map(amounts)
  for (const key of total.keys()) {
    const amount = sorted.get(key)
    if (amount === undefined) continue
    sorted.delete(key)
    sorted.set(key, amount)
  }
  return sorted
}
