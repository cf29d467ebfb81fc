/** A framework in the allocator. */
import type { AgentInfo, FrameworkInfo } from '../../../mesos/types.generated.ts'
import { createOfferFilters } from './offer-filters.ts'
import type { OfferFilters } from './offer-filters.ts'
import { appetiteOf } from './offerable.ts'
import type { Appetite } from './offerable.ts'

/** True for an agent that the framework's offer constraints rule out in a role. */
export type AgentExclusion = (role: string, agent: AgentInfo) => boolean

export interface ClaimantOptions {
  readonly suppressedRoles?: readonly string[]
  /** Default: excludes no agent. */
  readonly isExcluded?: AgentExclusion
}

export interface Claimant {
  readonly frameworkId: string
  roles: readonly string[]
  appetite: Appetite
  isExcluded: AgentExclusion
  isActive: boolean
  readonly suppressed: Set<string>
  readonly filters: OfferFilters
}

export function newClaimant(frameworkId: string, info: FrameworkInfo): Claimant {
  return {
    frameworkId,
    roles: [],
    appetite: appetiteOf(info),
    isExcluded: () => false,
    isActive: true,
    suppressed: new Set(),
    filters: createOfferFilters(),
  }
}

/** `asked`, or all roles if it is empty; none if one of them is not the framework's. */
export function rolesAmong({ roles }: Claimant, asked: readonly string[]): readonly string[] {
  if (asked.length === 0) return roles
  return asked.every((role) => roles.includes(role)) ? asked : []
}
