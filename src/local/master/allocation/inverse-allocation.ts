/**
 * Sends inverse offers for agents that will be unavailable: one to each framework that holds
 * resources there, and again after its answer unless filtered.
 * Source: apache/mesos src/master/allocator/mesos/hierarchical.cpp (generateInverseOffers,
 * updateInverseOffer).
 */
import type { Filters, Unavailability } from '../../../mesos/types.generated.ts'
import type { AgentPool } from './agent-pools.ts'
import type { Claimants } from './claimants.ts'
import { filterDurationMs } from './offer-filters.ts'

export interface InverseAllocation {
  readonly agentId: string
  readonly unavailability: Unavailability
}

export interface InverseResponse {
  readonly status: 'ACCEPT' | 'DECLINE'
  readonly filters: Filters | undefined
  readonly atMs: number
}

interface Maintenance {
  readonly unavailability: Unavailability
  /** Frameworks with an unanswered inverse offer. */
  readonly outstanding: Set<string>
  readonly responses: Map<string, InverseResponse>
  /** By framework: no inverse offers until then. */
  readonly filteredUntilMs: Map<string, number>
}

export interface InverseOffers {
  set(agentId: string, unavailability: Unavailability | undefined): void
  settle(agentId: string, frameworkId: string, response?: InverseResponse): void
  responses(agentId: string): ReadonlyMap<string, InverseResponse>
  dropFilters(frameworkId: string): void
  forgetFramework(frameworkId: string): void
  generate(agents: readonly AgentPool[], claimants: Claimants, nowMs: number): void
}

const noResponses: ReadonlyMap<string, InverseResponse> = new Map()

export function createInverseOffers({
  onInverseOffers,
}: {
  readonly onInverseOffers?: (frameworkId: string, offers: readonly InverseAllocation[]) => void
}): InverseOffers {
  const agents = new Map<string, Maintenance>()
  return {
    set(agentId, unavailability) {
      if (unavailability === undefined) agents.delete(agentId)
      else agents.set(agentId, newMaintenance(unavailability))
    },
    settle(agentId, frameworkId, response) {
      const maintenance = agents.get(agentId)
      if (maintenance?.outstanding.delete(frameworkId) !== true || response === undefined) return
      maintenance.responses.set(frameworkId, response)
      const durationMs = filterDurationMs(response.filters, 0)
      maintenance.filteredUntilMs.set(frameworkId, performance.now() + durationMs)
    },
    responses: (agentId) => agents.get(agentId)?.responses ?? noResponses,
    dropFilters(frameworkId) {
      for (const { filteredUntilMs } of agents.values()) filteredUntilMs.delete(frameworkId)
    },
    forgetFramework(frameworkId) {
      for (const { filteredUntilMs, outstanding, responses } of agents.values()) {
        filteredUntilMs.delete(frameworkId)
        outstanding.delete(frameworkId)
        responses.delete(frameworkId)
      }
    },
    generate(pools, claimants, nowMs) {
      if (agents.size === 0) return
      const asked = new Map<string, InverseAllocation[]>()
      for (const { agentId, held } of pools) {
        const maintenance = agents.get(agentId)
        if (maintenance === undefined) continue
        for (const frameworkId of held.keys()) {
          const isActive = claimants.get(frameworkId)?.isActive === true
          if (!isActive || !isDue(maintenance, frameworkId, nowMs)) continue
          maintenance.outstanding.add(frameworkId)
          const { unavailability } = maintenance
          const list = asked.get(frameworkId) ?? []
          list.push({ agentId, unavailability })
          asked.set(frameworkId, list)
        }
      }
      for (const [frameworkId, offers] of asked) onInverseOffers?.(frameworkId, offers)
    },
  }
}

function newMaintenance(unavailability: Unavailability): Maintenance {
  return {
    unavailability,
    outstanding: new Set(),
    responses: new Map(),
    filteredUntilMs: new Map(),
  }
}

function isDue(
  { filteredUntilMs, outstanding }: Maintenance,
  frameworkId: string,
  nowMs: number,
): boolean {
  return !outstanding.has(frameworkId) && (filteredUntilMs.get(frameworkId) ?? 0) <= nowMs
}
