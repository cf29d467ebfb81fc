/** The frameworks that may get offers, in fair order of their roles. */
import type { FrameworkInfo } from '../../../mesos/types.generated.ts'
import { rolesOf } from '../../messages/framework-info.ts'
import type { Allocation } from './agent-pools.ts'
import { newClaimant, rolesAmong } from './claimant.ts'
import type { Claimant, ClaimantOptions } from './claimant.ts'
import { createFairSharing } from './fair-sharing.ts'
import type { FairSharing, Quantities } from './fair-sharing.ts'
import { appetiteOf } from './offerable.ts'

/** A framework in one of its roles. */
export interface Claim {
  readonly claimant: Claimant
  readonly role: string
}

export class Claimants {
  readonly #total: Quantities
  readonly #claimants = new Map<string, Claimant>()
  /** Fair order of the roles that a framework is subscribed to. */
  readonly #roles: FairSharing
  /** By role: fair order of the frameworks that hold or held resources in it. */
  readonly #members = new Map<string, FairSharing>()

  /** `total`: a live view of the resources of the whole cluster. */
  constructor(total: Quantities) {
    this.#total = total
    this.#roles = createFairSharing(total)
  }

  get(frameworkId: string): Claimant | undefined {
    return this.#claimants.get(frameworkId)
  }

  /** Adds a framework, or activates it again. */
  put(frameworkId: string, info: FrameworkInfo, options?: ClaimantOptions): void {
    const claimant = this.get(frameworkId) ?? newClaimant(frameworkId, info)
    this.#claimants.set(frameworkId, claimant)
    claimant.isActive = true
    this.#change(claimant, info, options)
  }

  update(frameworkId: string, info: FrameworkInfo, options?: ClaimantOptions): void {
    const claimant = this.get(frameworkId)
    if (claimant !== undefined) this.#change(claimant, info, options)
  }

  remove(frameworkId: string): void {
    const claimant = this.get(frameworkId)
    if (claimant === undefined) return
    this.#claimants.delete(frameworkId)
    for (const role of claimant.roles) this.#leave(frameworkId, role)
    for (const sharing of this.#members.values()) sharing.remove(frameworkId)
  }

  deactivate(frameworkId: string): void {
    const claimant = this.get(frameworkId)
    if (claimant === undefined) return
    claimant.isActive = false
    claimant.filters.clear()
    this.#list(claimant)
  }

  suppress(frameworkId: string, roles: readonly string[]): void {
    const claimant = this.get(frameworkId)
    if (claimant === undefined) return
    for (const role of rolesAmong(claimant, roles)) claimant.suppressed.add(role)
    this.#list(claimant)
  }

  /** False when nothing was revived. */
  revive(frameworkId: string, roles: readonly string[]): boolean {
    const claimant = this.get(frameworkId)
    const revived = claimant === undefined ? [] : rolesAmong(claimant, roles)
    if (claimant === undefined || revived.length === 0) return false
    for (const role of revived) {
      claimant.suppressed.delete(role)
      claimant.filters.dropRole(role)
    }
    this.#list(claimant)
    return true
  }

  allocate({ frameworkId, role }: Allocation, quantities: Quantities): void {
    this.#roles.allocate(role, quantities)
    this.#membersOf(role).allocate(frameworkId, quantities)
  }

  release({ frameworkId, role }: Allocation, quantities: Quantities): void {
    this.#roles.release(role, quantities)
    if (this.#claimants.has(frameworkId)) this.#membersOf(role).release(frameworkId, quantities)
  }

  /** Computes all shares anew: the cluster's total has changed. */
  invalidate(): void {
    this.#roles.invalidate()
    for (const sharing of this.#members.values()) sharing.invalidate()
  }

  /** Forgets a removed agent with the filters of its offers. */
  dropAgent(agentId: string): void {
    this.invalidate()
    for (const { filters } of this.#claimants.values()) filters.dropAgent(agentId)
  }

  /** Each framework in each role that may get offers, fairest first, while `isLeft`. */
  *inOrder(isLeft: () => boolean): Iterable<Claim> {
    for (const role of this.#roles.sort()) {
      for (const frameworkId of this.#membersOf(role).sort()) {
        if (!isLeft()) return
        const claimant = this.get(frameworkId)
        if (claimant !== undefined) yield { claimant, role }
      }
    }
  }

  #change(claimant: Claimant, info: FrameworkInfo, options: ClaimantOptions = {}): void {
    const before = claimant.roles
    claimant.roles = rolesOf(info)
    claimant.appetite = appetiteOf(info)
    claimant.isExcluded = options.isExcluded ?? (() => false)
    suppressOnly(claimant, new Set(options.suppressedRoles))
    for (const role of before.filter((each) => !claimant.roles.includes(each))) {
      claimant.filters.dropRole(role)
      this.#leave(claimant.frameworkId, role)
    }
    this.#list(claimant)
  }

  /** Lists an active framework in its roles that are not suppressed. */
  #list({ frameworkId, isActive, roles, suppressed }: Claimant): void {
    for (const role of roles) {
      const sharing = this.#membersOf(role)
      if (isActive && !suppressed.has(role)) sharing.activate(frameworkId)
      else sharing.deactivate(frameworkId)
      this.#roles.activate(role)
    }
  }

  #leave(frameworkId: string, role: string): void {
    this.#membersOf(role).deactivate(frameworkId)
    const isSubscribed = [...this.#claimants.values()].some(({ roles }) => roles.includes(role))
    if (!isSubscribed) this.#roles.deactivate(role)
  }

  #membersOf(role: string): FairSharing {
    const known = this.#members.get(role)
    if (known !== undefined) return known
    const sharing = createFairSharing(this.#total)
    this.#members.set(role, sharing)
    return sharing
  }
}

/** Roles that are no longer suppressed lose their filters. */
function suppressOnly({ filters, suppressed }: Claimant, wanted: ReadonlySet<string>): void {
  for (const role of suppressed) if (!wanted.has(role)) filters.dropRole(role)
  suppressed.clear()
  for (const role of wanted) suppressed.add(role)
}
