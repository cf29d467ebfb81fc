/**
 * What a FrameworkInfo says and when Mesos refuses it.
 * Source: apache/mesos src/master/validation.cpp (framework), src/common/roles.cpp, src/common/validation.cpp.
 */
import type { FrameworkInfo } from '../../mesos/types.generated.ts'

export type Capability = NonNullable<NonNullable<FrameworkInfo['capabilities']>[number]['type']>

export function hasCapability(info: FrameworkInfo, capability: Capability): boolean {
  return (info.capabilities ?? []).some(({ type }) => type === capability)
}

/** The roles a framework holds: `roles` when MULTI_ROLE, else its one `role`, `*` by default. */
export function rolesOf(info: FrameworkInfo): readonly string[] {
  return hasCapability(info, 'MULTI_ROLE') ? (info.roles ?? []) : [info.role ?? '*']
}

/** Why Mesos refuses this FrameworkInfo; undefined when it is good. */
export function findFrameworkError(info: FrameworkInfo): string | undefined {
  return (
    findRoleFieldError(info) ??
    findFrameworkIdError(info) ??
    findOfferFiltersError(info) ??
    findTimeoutError(info)
  )
}

/** Why an UPDATE_FRAMEWORK is refused though the new FrameworkInfo is good by itself. */
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

/** Why Mesos refuses an id (task, executor, framework); undefined when it is good. */
export function findIdError(id: string): string | undefined {
  if (id === '') return 'ID must not be empty'
  if (Buffer.byteLength(id) > 255) return 'ID must not be greater than 255 characters'
  if (id === '.' || id === '..') return `'${id}' is disallowed`
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f/\\]/u.test(id)) return `'${id}' contains invalid characters`
  return undefined
}

/** Why Mesos refuses a role's name; undefined when it is good. */
export function findRoleError(role: string): string | undefined {
  if (role === '*') return undefined
  if (role.startsWith('/')) return `Role '${role}' cannot start with a slash`
  if (role.endsWith('/')) return `Role '${role}' cannot end with a slash`
  if (role.includes('//')) return `Role '${role}' cannot contain two adjacent slashes`
  if (role === '') return 'Role names cannot be the empty string'
  for (const component of role.split('/')) {
    const error = findComponentError(role, component)
    if (error !== undefined) return error
  }
  return undefined
}

function findComponentError(role: string, component: string): string | undefined {
  if (component === '.' || component === '..' || component === '*') {
    return `Role '${role}' cannot include '${component}' as a component`
  }
  if (component.startsWith('-')) {
    return `Role component '${component}' is invalid because it starts with a dash`
  }
  // oxlint-disable-next-line no-control-regex -- the characters that Mesos forbids
  if (/[\t\n\u000b\u000c\r \u007f]/u.test(component)) {
    return `Role component '${component}' is invalid because it contains backspace or whitespace`
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

/** Mesos counts durations in 64-bit nanoseconds, about 292 years. */
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

/** Why Mesos refuses these roles as suppressed ones; undefined when they are the framework's. */
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
