/** The frameworks that may be offered something, in fair order of their roles. */
import type { AgentInfo, FrameworkInfo } from '../../../mesos/types.generated.ts'
import { rolesOf } from '../../messages/framework-info.ts'
import type { Allocation } from './agent-pools.ts'
import { createFairSharing } from './fair-sharing.ts'
import type { FairSharing, Quantities } from './fair-sharing.ts'
import { createOfferFilters } from './offer-filters.ts'
import type { OfferFilters } from './offer-filters.ts'
import { appetiteOf } from './offerable.ts'
import type { Appetite } from './offerable.ts'

/** Is an agent ruled out in a role, by the framework's offer constraints. */
export type AgentExclusion = (role: string, agent: AgentInfo) => boolean

export interface ClaimantOptions {
  readonly suppressedRoles?: readonly string[]
  /** Default no agent. */
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

export interface Claimants {
  get(frameworkId: string): Claimant | undefined
  put(frameworkId: string, info: FrameworkInfo, options?: ClaimantOptions): void
  update(frameworkId: string, info: FrameworkInfo, options?: ClaimantOptions): void
  remove(frameworkId: string): void
  deactivate(frameworkId: string): void
  suppress(frameworkId: string, roles: readonly string[]): void
  /** False when nothing was revived. */
  revive(frameworkId: string, roles: readonly string[]): boolean
  allocate(allocation: Allocation, quantities: Quantities): void
  release(allocation: Allocation, quantities: Quantities): void
  /** The cluster's total has changed. */
  invalidate(): void
  /** The agent is gone, and what was refused of it forgotten. */
  dropAgent(agentId: string): void
  /** Who may be offered something in which role, fairest first, as long as `isLeft`. */
  inOrder(isLeft: () => boolean): Iterable<{ readonly claimant: Claimant; readonly role: string }>
}

/** `total` is the cluster's, a live view. */
export function createClaimants(total: Quantities): Claimants {
  const claimants = new Map<string, Claimant>()
  const roles = createFairSharing(total)
  /** By role, those who hold or held something in it. */
  const members = new Map<string, FairSharing>()

  function membersOf(role: string): FairSharing {
    const known = members.get(role)
    if (known !== undefined) return known
    const sharing = createFairSharing(total)
    members.set(role, sharing)
    return sharing
  }

  /** Lists the framework where it is active, subscribed and not suppressed; and roles that somebody is subscribed to. */
  function refresh({ frameworkId, isActive, roles: own, suppressed }: Claimant): void {
    for (const role of own) {
      const sharing = membersOf(role)
      if (isActive && !suppressed.has(role)) sharing.activate(frameworkId)
      else sharing.deactivate(frameworkId)
      roles.activate(role)
    }
  }

  function leave(frameworkId: string, role: string): void {
    membersOf(role).deactivate(frameworkId)
    const isSubscribed = [...claimants.values()].some((each) => each.roles.includes(role))
    if (!isSubscribed) roles.deactivate(role)
  }

  function change(claimant: Claimant, info: FrameworkInfo, options: ClaimantOptions = {}): void {
    const before = claimant.roles
    claimant.roles = rolesOf(info)
    claimant.appetite = appetiteOf(info)
    claimant.isExcluded = options.isExcluded ?? (() => false)
    const suppressed = new Set(options.suppressedRoles)
    for (const role of claimant.suppressed) {
      if (!suppressed.has(role)) claimant.filters.dropRole(role)
    }
    claimant.suppressed.clear()
    for (const role of suppressed) claimant.suppressed.add(role)
    for (const role of before.filter((each) => !claimant.roles.includes(each))) {
      claimant.filters.dropRole(role)
      leave(claimant.frameworkId, role)
    }
    refresh(claimant)
  }

  function invalidate(): void {
    roles.invalidate()
    for (const sharing of members.values()) sharing.invalidate()
  }

  return {
    get: (frameworkId) => claimants.get(frameworkId),
    put(frameworkId, info, options) {
      const claimant = claimants.get(frameworkId) ?? newClaimant(frameworkId, info)
      claimants.set(frameworkId, claimant)
      claimant.isActive = true
      change(claimant, info, options)
    },
    update(frameworkId, info, options) {
      const claimant = claimants.get(frameworkId)
      if (claimant !== undefined) change(claimant, info, options)
    },
    remove(frameworkId) {
      const claimant = claimants.get(frameworkId)
      if (claimant === undefined) return
      claimants.delete(frameworkId)
      for (const role of claimant.roles) leave(frameworkId, role)
      for (const sharing of members.values()) sharing.remove(frameworkId)
    },
    deactivate(frameworkId) {
      const claimant = claimants.get(frameworkId)
      if (claimant === undefined) return
      claimant.isActive = false
      claimant.filters.clear()
      refresh(claimant)
    },
    suppress(frameworkId, asked) {
      const claimant = claimants.get(frameworkId)
      if (claimant === undefined) return
      for (const role of affectedRoles(claimant, asked)) claimant.suppressed.add(role)
      refresh(claimant)
    },
    revive(frameworkId, asked) {
      const claimant = claimants.get(frameworkId)
      const affected = claimant === undefined ? [] : affectedRoles(claimant, asked)
      if (claimant === undefined || affected.length === 0) return false
      for (const role of affected) {
        claimant.suppressed.delete(role)
        claimant.filters.dropRole(role)
      }
      refresh(claimant)
      return true
    },
    allocate({ frameworkId, role }, quantities) {
      roles.allocate(role, quantities)
      membersOf(role).allocate(frameworkId, quantities)
    },
    release({ frameworkId, role }, quantities) {
      roles.release(role, quantities)
      if (claimants.has(frameworkId)) membersOf(role).release(frameworkId, quantities)
    },
    invalidate,
    dropAgent(agentId) {
      invalidate()
      for (const { filters } of claimants.values()) filters.dropAgent(agentId)
    },
    *inOrder(isLeft) {
      for (const role of roles.sort()) {
        for (const frameworkId of membersOf(role).sort()) {
          if (!isLeft()) return
          const claimant = claimants.get(frameworkId)
          if (claimant !== undefined) yield { claimant, role }
        }
      }
    },
  }
}

function newClaimant(frameworkId: string, info: FrameworkInfo): Claimant {
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

function affectedRoles(claimant: Claimant, roles: readonly string[]): readonly string[] {
  if (roles.length === 0) return claimant.roles
  return roles.every((role) => claimant.roles.includes(role)) ? roles : []
}
