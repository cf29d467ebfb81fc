/**
 * What a framework says beside its FrameworkInfo when it subscribes or changes: roles it wants
 * nothing for, and constraints.
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

/** What the allocator has to know, or why Mesos refuses it. */
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
