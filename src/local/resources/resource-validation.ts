/**
 * Why Mesos refuses a list of resources, in its words. Accepts both forms of reservations.
 * Source: apache/mesos src/common/resources.cpp (validate), src/master/validation.cpp (resource).
 */
import type { Resource } from '../../mesos/types.generated.ts'
import { findFirst } from './find-first.ts'
import { findPlainReservationError, findReservationsError } from './reservation-validation.ts'
import { isDynamicallyReserved, upgradeResource } from './resource-shape.ts'
import { formatResource } from './resource-text.ts'
import { findValueError, sumOf } from './value-validation.ts'
import { findDiskError } from './volume-validation.ts'

/** The first malformed resource of a list, with the reason. */
export function findMalformed(resources: readonly Resource[] = []): string | undefined {
  for (const resource of resources) {
    const error = findValueError(resource) ?? findDecorationError(resource)
    if (error !== undefined) return `Resource '${formatResource(resource)}' is invalid: ${error}`
  }
  return undefined
}

/** Why tasks, executors and operations may not use these resources; undefined if they may. */
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

/** Refuses resources allocated to several roles. The default of each is `role`. */
export function findMixedRoles(resources: readonly Resource[], role: string): string | undefined {
  const [first, ...others] = resources.map((resource) => resource.allocationInfo?.role ?? role)
  const other = others.find((each) => each !== first)
  return (
    other &&
    `The resources have multiple allocation roles ('${other}' and '${first}')` +
      ' but only one allocation role is allowed'
  )
}

/** Refuses a name that is both revocable and not. */
export function findMixedRevocable(resources: readonly Resource[]): string | undefined {
  const revocable = new Set(resources.filter((each) => each.revocable).map(({ name }) => name))
  const mixed = resources.find((each) => !each.revocable && revocable.has(each.name))
  return mixed && `Cannot use both revocable and non-revocable '${mixed.name}' at the same time`
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
