/**
 * Why Mesos refuses a FrameworkInfo, in its words.
 * Source: apache/mesos src/master/validation.cpp (framework).
 */
import type { FrameworkInfo } from '../../../mesos/types.generated.ts'
import { hasCapability, rolesOf } from '../../messages/framework-info.ts'
import { findIdError, findRoleError } from '../../messages/name-validation.ts'

/** Why Mesos refuses this FrameworkInfo; undefined if it is valid. */
export function findFrameworkError(info: FrameworkInfo): string | undefined {
  return (
    findRoleFieldError(info) ??
    findFrameworkIdError(info) ??
    findOfferFiltersError(info) ??
    findTimeoutError(info)
  )
}

/** Why UPDATE_FRAMEWORK refuses a valid FrameworkInfo: fields that cannot change. */
export function findUpdateError(before: FrameworkInfo, after: FrameworkInfo): string | undefined {
  if (before.principal !== after.principal) return "Changing framework's principal is not allowed."
  if (before.user !== after.user) {
    return (
      "Updating 'FrameworkInfo.user' is unsupported" +
      `; attempted to update from '${before.user}' to '${after.user}'`
    )
  }
  if ((before.checkpoint ?? false) !== (after.checkpoint ?? false)) {
    return (
      "Updating 'FrameworkInfo.checkpoint' is unsupported; attempted to update" +
      ` from '${before.checkpoint ?? false}' to '${after.checkpoint ?? false}'`
    )
  }
  return undefined
}

function findRoleFieldError(info: FrameworkInfo): string | undefined {
  const isMultiRole = hasCapability(info, 'MULTI_ROLE')
  if (isMultiRole && info.role !== undefined) {
    return "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable"
  }
  if (!isMultiRole && (info.roles ?? []).length > 0) {
    return "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable"
  }
  const roles = rolesOf(info)
  const duplicates = roles.filter((role, index) => roles.indexOf(role) !== index)
  if (duplicates.length > 0) {
    return `'FrameworkInfo.roles' contains duplicate items: { ${[...new Set(duplicates)].join(', ')} }`
  }
  for (const role of roles) {
    const error = findRoleError(role)
    if (error === undefined) continue
    return isMultiRole
      ? `'FrameworkInfo.roles' contains invalid role: ${error}`
      : `'FrameworkInfo.role' is not a valid role: ${error}`
  }
  return undefined
}

function findFrameworkIdError(info: FrameworkInfo): string | undefined {
  const id = info.id?.value ?? ''
  return id === '' ? undefined : findIdError(id)
}

/** Mesos' limit: 64-bit nanoseconds, about 292 years. */
const maxDurationSeconds = 9_223_372_036

function findTimeoutError(info: FrameworkInfo): string | undefined {
  const seconds = info.failoverTimeout ?? 0
  return Math.abs(seconds) <= maxDurationSeconds
    ? undefined
    : `The framework failover_timeout (${seconds}) is invalid`
}

function findOfferFiltersError({ offerFilters = {} }: FrameworkInfo): string | undefined {
  for (const { minAllocatableResources } of Object.values(offerFilters)) {
    for (const { quantities = {} } of minAllocatableResources?.quantities ?? []) {
      const entries = Object.entries(quantities)
      if (entries.length === 0) return 'Resource quantities must contain at least one quantity'
      for (const [name, { value }] of entries) {
        const error = findQuantityError(value)
        if (error !== undefined) return `Invalid resource quantity for '${name}': ${error}`
      }
    }
  }
  return undefined
}

function findQuantityError(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN not supported'
  if (!Number.isFinite(value)) return 'Infinite values not supported'
  return value < 0 ? 'Negative values not supported' : undefined
}

/** Why Mesos refuses these suppressed roles; undefined if all are the framework's. */
export function findSuppressedError(
  info: FrameworkInfo,
  suppressedRoles: readonly string[],
): string | undefined {
  const roles = rolesOf(info)
  const foreign = suppressedRoles.filter((role) => !roles.includes(role))
  return foreign.length === 0
    ? undefined
    : `Suppressed roles { ${foreign.join(', ')} } are not contained in the set of roles`
}
