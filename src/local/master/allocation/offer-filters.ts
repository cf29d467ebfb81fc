/**
 * Filters of a framework: resources of an agent that it declined, and inverse offers.
 * Source: apache/mesos src/master/allocator/mesos/hierarchical.cpp (recoverResources,
 * updateInverseOffer).
 */
import type { Filters } from '../../../mesos/types.generated.ts'
import { containsAmounts } from '../../resources/resources.ts'
import type { Amounts } from '../../resources/resources.ts'

export interface OfferFilters {
  /** Does not offer these resources of the agent, or fewer, to the role before `untilMs`. */
  add(role: string, agentId: string, amounts: Amounts, untilMs: number): void
  isFiltered(role: string, agentId: string, amounts: Amounts, nowMs: number): boolean
  dropRole(role: string): void
  dropAgent(agentId: string): void
  clear(): void
}

interface Filter {
  readonly amounts: Amounts
  readonly untilMs: number
}

const defaultRefuseSeconds = 5
const maxRefuseSeconds = 365 * 24 * 3600

/** Duration of a filter in ms: `shortestMs` to a year; 0: no filter. */
export function filterDurationMs(filters: Filters | undefined, shortestMs: number): number {
  const seconds = filters?.refuseSeconds ?? defaultRefuseSeconds
  const valid = seconds >= 0 ? Math.min(seconds, maxRefuseSeconds) : defaultRefuseSeconds
  return valid === 0 ? 0 : Math.max(valid * 1000, shortestMs)
}

export function createOfferFilters(): OfferFilters {
  /** By role, then agent id. */
  const roles = new Map<string, Map<string, Filter[]>>()
  return {
    add(role, agentId, amounts, untilMs) {
      const agents = roles.get(role) ?? new Map<string, Filter[]>()
      roles.set(role, agents)
      const nowMs = performance.now()
      const lasting = (agents.get(agentId) ?? []).filter((filter) => filter.untilMs > nowMs)
      agents.set(agentId, [...lasting, { amounts, untilMs }])
    },
    isFiltered(role, agentId, amounts, nowMs) {
      const agents = roles.get(role)
      const filters = agents?.get(agentId)
      if (agents === undefined || filters === undefined) return false
      const lasting = filters.filter((filter) => filter.untilMs > nowMs)
      if (lasting.length === 0) agents.delete(agentId)
      return lasting.some((filter) => containsAmounts(filter.amounts, amounts))
    },
    dropRole(role) {
      roles.delete(role)
    },
    dropAgent(agentId) {
      for (const agents of roles.values()) agents.delete(agentId)
    },
    clear() {
      roles.clear()
    },
  }
}
