/**
 * Why the master refuses RESERVE and UNRESERVE, in Mesos' order and words.
 * Source: apache/mesos src/master/validation.cpp (operation).
 */
import type { FrameworkInfo, Resource } from '../../../mesos/types.generated.ts'
import { rolesOf } from '../../messages/framework-info.ts'
import { findFirst } from '../../resources/find-first.ts'
import { isDynamicallyReserved, reservationRole } from '../../resources/resource-shape.ts'
import { formatResource } from '../../resources/resource-text.ts'
import { findMixedRoles } from '../../resources/resource-validation.ts'
import { findListError, prefixed } from './operation-site.ts'
import type { OperationSite } from './operation-site.ts'

export function findReserveError(
  resources: readonly Resource[],
  { framework, role }: OperationSite,
): string | undefined {
  return (
    findListError(resources) ??
    findFirst(resources, (resource) => findReservationError(resource, framework)) ??
    prefixed('Invalid reservation resources: ', findMixedRoles(resources, role))
  )
}

function findReservationError(resource: Resource, framework: FrameworkInfo): string | undefined {
  if (!isDynamicallyReserved(resource)) return notReserved(resource)
  return (
    findPrincipalError(resource, framework.principal) ??
    findReservationRoleError(resource, rolesOf(framework))
  )
}

function notReserved(resource: Resource): string {
  return `Resource ${formatResource(resource)} is not dynamically reserved`
}

function findPrincipalError(
  { reservations = [] }: Resource,
  principal: string | undefined,
): string | undefined {
  if (principal === undefined) return undefined
  const reserved = reservations.at(-1)?.principal
  if (reserved === undefined) {
    return (
      `A reserve operation was attempted by principal '${principal}', but there is a` +
      ' reserved resource in the request with no principal set'
    )
  }
  return reserved === principal
    ? undefined
    : `A reserve operation was attempted by authenticated principal '${principal}', which does` +
        ` not match a reserved resource in the request with principal '${reserved}'`
}

function findReservationRoleError(
  resource: Resource,
  roles: readonly string[],
): string | undefined {
  const reserved = reservationRole(resource)
  const allocated = resource.allocationInfo?.role ?? ''
  if (allocated !== reserved) {
    return (
      `A reserve operation was attempted for a resource with role '${reserved}', but` +
      ` the resource was allocated to role '${allocated}'`
    )
  }
  return roles.includes(allocated)
    ? undefined
    : `A reserve operation was attempted for a resource allocated to role '${allocated}',` +
        ` but the framework only has roles '{ ${roles.join(', ')} }'`
}

export function findUnreserveError(resources: readonly Resource[]): string | undefined {
  return (
    findListError(resources) ??
    findFirst(resources, (resource) => {
      if (!isDynamicallyReserved(resource)) return notReserved(resource)
      return (
        resource.disk?.persistence &&
        `A dynamically reserved persistent volume ${formatResource(resource)} cannot be unreserved` +
          ' directly. Please destroy the persistent volume first then unreserve the resource'
      )
    })
  )
}
