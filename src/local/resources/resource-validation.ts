/**
 * Why Mesos refuses a list of resources, in its words. Resources are checked in the form in which they come.
 * Source: apache/mesos src/common/resources.cpp (validate), src/master/validation.cpp (resource).
 */
import type { Resource, ResourceReservationInfo } from '../../mesos/types.generated.ts'
import { findIdError, findRoleError } from '../messages/framework-info.ts'
import {
  isDynamicallyReserved,
  isStrictSubrole,
  reservationRole,
  upgradeResource,
} from './resource-shape.ts'
import { formatResource } from './resource-text.ts'

/** Why one resource by itself is no resource; the first of the list that is none. */
export function findMalformed(resources: readonly Resource[] = []): string | undefined {
  for (const resource of resources) {
    const error = findValueError(resource) ?? findDecorationError(resource)
    if (error !== undefined) return `Resource '${formatResource(resource)}' is invalid: ${error}`
  }
  return undefined
}

/** What tasks, executors and operations must not ask for; undefined when the list is good. */
export function findResourcesError(resources: readonly Resource[] = []): string | undefined {
  const malformed = findMalformed(resources)
  if (malformed !== undefined) return `Invalid resources: ${malformed}`
  const upgraded = resources.map(upgradeResource)
  const gpus = sumOf(resources, 'gpus')
  if (gpus % 1000 !== 0) {
    return "Invalid 'gpus' resource: The 'gpus' resource must be an unsigned integer"
  }
  const disk = findFirst(upgraded, findDiskError)
  if (disk !== undefined) return `Invalid DiskInfo: ${disk}`
  const revocable = upgraded.find((each) => isDynamicallyReserved(each) && each.revocable)
  return (
    revocable &&
    `Invalid ReservationInfo: Dynamically reserved resource ${formatResource(revocable)}` +
      ' cannot be created from revocable resources'
  )
}

/** Two volumes of one role with one id. */
export function findDuplicateVolume(resources: readonly Resource[]): string | undefined {
  const seen = new Set<string>()
  for (const resource of resources.map(upgradeResource)) {
    const id = resource.disk?.persistence?.id
    if (id === undefined) continue
    const key = `${reservationRole(resource)} ${id}`
    if (seen.has(key)) return `Persistence ID '${id}' is not unique`
    seen.add(key)
  }
  return undefined
}

/** Resources that are allocated to several roles, or to none; without one they take `role`. */
export function findMixedRoles(resources: readonly Resource[], role: string): string | undefined {
  const [first, ...others] = resources.map((resource) => resource.allocationInfo?.role ?? role)
  const other = others.find((each) => each !== first)
  return (
    other &&
    `The resources have multiple allocation roles ('${other}' and '${first}')` +
      ' but only one allocation role is allowed'
  )
}

/** One name both revocable and not. */
export function findMixedRevocable(resources: readonly Resource[]): string | undefined {
  const revocable = new Set(resources.filter((each) => each.revocable).map(({ name }) => name))
  const mixed = resources.find((each) => !each.revocable && revocable.has(each.name))
  return mixed && `Cannot use both revocable and non-revocable '${mixed.name}' at the same time`
}

/** Ports or set items that two of the lists have both. */
export function hasOverlap(lists: readonly (readonly Resource[])[]): boolean {
  const resources = lists.flat()
  const items = resources.flatMap(({ name, set }) => (set?.item ?? []).map((each) => name + each))
  if (new Set(items).size < items.length) return true
  return resources.some(({ name, ranges }, index) =>
    resources
      .slice(index + 1)
      .some((other) => other.name === name && isOverlapping(ranges?.range, other.ranges?.range)),
  )
}

/** The sum of all scalars of that name, in thousandths. */
export function sumOf(resources: readonly Resource[] = [], name: string): number {
  return resources
    .filter((resource) => resource.name === name)
    .reduce((sum, { scalar }) => sum + Math.round((scalar?.value ?? 0) * 1000), 0)
}

/** Why this is no persistent volume; undefined when it is one. */
export function findVolumeError({ disk, ...resource }: Resource): string | undefined {
  if (disk === undefined) return `Resource ${formatResource(resource)} does not have DiskInfo`
  if (disk.persistence === undefined) return "'persistence' is not set in DiskInfo"
  if (disk.volume === undefined) return "Expecting 'volume' to be set for persistent volume"
  return disk.volume.mode === 'RO' ? 'Read-only persistent volume not supported' : undefined
}

export function findFirst<T>(
  list: readonly T[],
  findError: (item: T) => string | undefined,
): string | undefined {
  for (const item of list) {
    const error = findError(item)
    if (error !== undefined) return error
  }
  return undefined
}

type Ranges = NonNullable<NonNullable<Resource['ranges']>['range']>

function isOverlapping(left: Ranges = [], right: Ranges = []): boolean {
  return left.some((a) =>
    right.some((b) => Number(a.begin) <= Number(b.end) && Number(b.begin) <= Number(a.end)),
  )
}

function findValueError({ name, ranges, scalar, set, type }: Resource): string | undefined {
  if (name === '') return 'Empty resource name'
  const count = [ranges, scalar, set].filter((value) => value !== undefined).length
  switch (type) {
    case 'SCALAR':
      if (scalar === undefined || count > 1) return 'Invalid scalar resource'
      return scalar.value !== 0 && !(Math.round(scalar.value * 1000) > 0)
        ? 'Invalid scalar resource: value <= 0'
        : undefined
    case 'RANGES':
      return ranges === undefined || count > 1
        ? 'Invalid ranges resource'
        : findRangeError(ranges.range)
    case 'SET': {
      const items = set?.item ?? []
      if (set === undefined || count > 1) return 'Invalid set resource'
      return new Set(items).size < items.length
        ? 'Invalid set resource: duplicated elements'
        : undefined
    }
    default:
      return 'Unsupported resource type'
  }
}

function findRangeError(ranges: Ranges = []): string | undefined {
  if (ranges.some(({ begin, end }) => Number(begin) > Number(end))) {
    return 'Invalid ranges resource: begin > end'
  }
  const sorted = [...ranges].sort((a, b) => Number(a.begin) - Number(b.begin))
  const isAnyOverlapping = sorted.some((range, index) => {
    const next = sorted[index + 1]
    return next !== undefined && Number(next.begin) <= Number(range.end)
  })
  return isAnyOverlapping ? 'Invalid ranges resource: overlapping ranges' : undefined
}

function findDecorationError(resource: Resource): string | undefined {
  const { disk, name, shared } = resource
  if (disk !== undefined && name !== 'disk') {
    return `DiskInfo should not be set for ${name} resource`
  }
  const reservationError =
    (resource.reservations ?? []).length === 0
      ? findPlainReservationError(resource)
      : findReservationsError(resource, resource.reservations ?? [])
  if (reservationError !== undefined) return reservationError
  if (shared === undefined) return undefined
  if (name !== 'disk') return `Resource ${name} cannot be shared`
  return disk?.persistence === undefined ? 'Only persistent volumes can be shared' : undefined
}

function findPlainReservationError({ reservation, role = '*' }: Resource): string | undefined {
  const error = findRoleError(role)
  if (error !== undefined || reservation === undefined) return error
  for (const field of ['type', 'role'] as const) {
    if (reservation[field] !== undefined) {
      return (
        `'Resource.ReservationInfo.${field}' must not be set for` +
        " the 'Resource.reservation' field"
      )
    }
  }
  return role === '*' ? 'Invalid reservation: role "*" cannot be dynamically reserved' : undefined
}

function findReservationsError(
  resource: Resource,
  reservations: readonly ResourceReservationInfo[],
): string | undefined {
  return (
    findFirst(reservations, findReservationError) ??
    findRefinementError(reservations) ??
    findFormatError(resource, reservations)
  )
}

function findReservationError({ role, type }: ResourceReservationInfo): string | undefined {
  const missing = type === undefined ? 'type' : role === undefined ? 'role' : undefined
  if (missing !== undefined) {
    return `Invalid reservation: 'Resource.ReservationInfo.${missing}' field must be set.`
  }
  const error = findRoleError(role ?? '')
  return error ?? (role === '*' ? 'Invalid reservation: role "*" cannot be reserved' : undefined)
}

function findRefinementError(reservations: readonly ResourceReservationInfo[]): string | undefined {
  for (const [index, { role = '', type }] of reservations.entries()) {
    const ancestor = reservations[index - 1]?.role
    if (ancestor === undefined) continue
    if (type === 'STATIC') {
      return 'Invalid refined reservation: A refined reservation cannot be STATIC'
    }
    if (!isStrictSubrole(role, ancestor)) {
      return `Invalid refined reservation: role '${role}' is not a refinement of '${ancestor}'`
    }
  }
  return undefined
}

/** Both forms at once are taken when they say the same. */
function findFormatError(
  { reservation, role }: Resource,
  [first, ...refinements]: readonly ResourceReservationInfo[],
): string | undefined {
  const invalid = 'Invalid resource format:'
  if (refinements.length > 0) {
    const field =
      role !== undefined ? 'role' : reservation !== undefined ? 'reservation' : undefined
    return (
      field &&
      `${invalid} 'Resource.${field}' must not be set if` +
        " there is more than one reservation in 'Resource.reservations'"
    )
  }
  if (role !== undefined && role !== first?.role) {
    return (
      `${invalid} 'Resource.role' field with '${role}' does not match the role` +
      ` '${first?.role}' in 'Resource.reservations'`
    )
  }
  if (first?.type === 'STATIC') {
    return (
      reservation &&
      `${invalid} 'Resource.reservation' must not be set if the single reservation in` +
        " 'Resource.reservations' is STATIC"
    )
  }
  return (role === undefined) === (reservation === undefined)
    ? undefined
    : `${invalid} 'Resource.role' and 'Resource.reservation' must either be both set or both not` +
        " set if the single reservation in 'Resource.reservations' is DYNAMIC"
}

function findDiskError(resource: Resource): string | undefined {
  const { disk, revocable } = resource
  if (disk === undefined) return undefined
  const { persistence, source, volume } = disk
  if (persistence === undefined) {
    if (volume !== undefined) return 'Non-persistent volume not supported'
    return source === undefined ? 'DiskInfo is set but empty' : undefined
  }
  if (revocable !== undefined) {
    return 'Persistent volumes cannot be created from revocable resources'
  }
  if (reservationRole(resource) === '*') {
    return 'Persistent volumes cannot be created from unreserved resources'
  }
  if (volume === undefined) return "Expecting 'volume' to be set for persistent volume"
  if (volume.hostPath !== undefined) {
    return "Expecting 'host_path' to be unset for persistent volume"
  }
  const error = findIdError(persistence.id)
  return error && `Invalid persistence ID for persistent volume: ${error}`
}
