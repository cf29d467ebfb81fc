/**
 * Options of a framework when it subscribes or updates: suppressed roles and offer constraints.
 * Source: apache/mesos src/master/master.cpp (createAllocatorFrameworkOptions).
 */
import type { FrameworkInfo, SchedulerOfferConstraints } from '../../../mesos/types.generated.ts'
import { rolesOf } from '../../messages/framework-info.ts'
import type { ClaimantOptions } from '../allocation/claimant.ts'
import { compileConstraints } from '../allocation/offer-constraints.ts'
import { findSuppressedError } from '../validation/framework-validation.ts'

export interface FrameworkOptions {
  readonly frameworkInfo: FrameworkInfo
  readonly suppressedRoles?: readonly string[]
  readonly offerConstraints?: SchedulerOfferConstraints
}

/** The options for the allocator, or Mesos' reason to refuse them. */
export function readFrameworkOptions({
  frameworkInfo,
  offerConstraints = {},
  suppressedRoles = [],
}: FrameworkOptions): { readonly error: string } | { readonly options: ClaimantOptions } {
  const error = findSuppressedError(frameworkInfo, suppressedRoles)
  if (error !== undefined) return { error }
  const compiled = compileConstraints(offerConstraints, rolesOf(frameworkInfo))
  if ('error' in compiled) return compiled
  return { options: { suppressedRoles, isExcluded: compiled.isExcluded } }
}
