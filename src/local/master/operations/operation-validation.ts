/**
 * Why the master refuses an operation on resources, in Mesos' order and words. Resources are in the form with
 * `reservations`, and allocated.
 * Source: apache/mesos src/master/validation.cpp (operation).
 */
import type { FrameworkInfo, Resource } from '../../../mesos/types.generated.ts'
import { hasCapability, rolesOf } from '../../messages/framework-info.ts'
import { withoutVolume } from '../../resources/resource-operations.ts'
import type { ResourceOperation } from '../../resources/resource-operations.ts'
import { isDynamicallyReserved, reservationRole, shapeOf } from '../../resources/resource-shape.ts'
import { formatResource } from '../../resources/resource-text.ts'
import {
  findDuplicateVolume,
  findFirst,
  findMalformed,
  findMixedRoles,
  findResourcesError,
  findVolumeError,
} from '../../resources/resource-validation.ts'
import { amountsOf, containsAmounts, toResources } from '../../resources/resources.ts'
import type { Amounts } from '../../resources/resources.ts'

export interface OperationSite {
  readonly framework: FrameworkInfo
  readonly role: string
  /** Everything that the agent has. */
  readonly total: Amounts
  /** What tasks and executors hold there, of every framework. */
  readonly used: readonly Amounts[]
}

/** Undefined when it may be applied to what is offered, if that has what it consumes. */
export function findOperationError(
  operation: ResourceOperation,
  site: OperationSite,
): string | undefined {
  switch (operation.type) {
    case 'RESERVE':
      return findReserveError(operation.reserve.resources ?? [], site)
    case 'UNRESERVE':
      return findUnreserveError(operation.unreserve.resources ?? [])
    case 'CREATE':
      return findCreateError(operation.create.volumes ?? [], site)
    case 'DESTROY':
      return findDestroyError(operation.destroy.volumes ?? [], site)
    case 'GROW_VOLUME':
      return findGrowError(operation.growVolume.volume, operation.growVolume.addition)
    case 'SHRINK_VOLUME':
      return findShrinkError(operation.shrinkVolume.volume, operation.shrinkVolume.subtract.value)
  }
}

function findListError(resources: readonly Resource[]): string | undefined {
  return prefixed(
    'Invalid resources: ',
    findResourcesError(resources) ?? findProviderError(resources),
  )
}

/** Also an empty list is no list of one provider. */
function findProviderError(resources: readonly Resource[]): string | undefined {
  const providers = new Set(resources.map(({ providerId }) => providerId?.value))
  if (providers.size === 1) return undefined
  return providers.has(undefined)
    ? 'Some resources have a resource provider and some do not'
    : `The resources have multiple resource providers: ${[...providers].join(', ')}`
}

function findReserveError(
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

function findUnreserveError(resources: readonly Resource[]): string | undefined {
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

function findCreateError(
  volumes: readonly Resource[],
  { framework, role, total }: OperationSite,
): string | undefined {
  return (
    findListError(volumes) ??
    prefixed('Not a persistent volume: ', findFirst(volumes, findVolumeError)) ??
    findDuplicateVolume([...toResources(total), ...volumes]) ??
    findFirst(
      volumes,
      (volume) => findSharedError(volume, framework) ?? findVolumePrincipalError(volume, framework),
    ) ??
    prefixed('Invalid volume resources: ', findMixedRoles(volumes, role))
  )
}

function findSharedError(volume: Resource, framework: FrameworkInfo): string | undefined {
  if (volume.shared === undefined || hasCapability(framework, 'SHARED_RESOURCES')) return undefined
  return (
    `Create volume operation for '${formatResource(volume)}' has been attempted by framework` +
    ` '${framework.id?.value}' with no SHARED_RESOURCES capability`
  )
}

function findVolumePrincipalError(
  { disk }: Resource,
  { principal }: FrameworkInfo,
): string | undefined {
  if (principal === undefined) return undefined
  const owner = disk?.persistence?.principal
  if (owner === undefined) {
    return (
      `Create volume operation attempted by principal '${principal}', but there is a volume in` +
      " the operation with no principal set in 'disk.persistence'"
    )
  }
  return owner === principal
    ? undefined
    : `Create volume operation attempted by authenticated principal '${principal}', which does` +
        ` not match a volume in the operation with principal '${owner}' set in 'disk.persistence'`
}

function findDestroyError(
  allocated: readonly Resource[],
  { role, total, used }: OperationSite,
): string | undefined {
  const volumes = allocated.map(({ allocationInfo: _allocation, ...volume }) => volume)
  const error =
    findListError(volumes) ??
    prefixed('Not a persistent volume: ', findFirst(volumes, findVolumeError))
  if (error !== undefined) return error
  if (!volumes.every((volume) => containsAmounts(total, amountsOf([volume], role)))) {
    return 'Persistent volumes not found'
  }
  const isUsed = volumes.some((volume) => {
    const { key } = shapeOf(volume, role)
    return used.some((amounts) => amounts.has(key))
  })
  return isUsed ? 'Persistent volumes in use' : undefined
}

function findGrowError(volume: Resource, addition: Resource): string | undefined {
  const malformed = findFieldError('GrowVolume.volume', volume)
  if (malformed !== undefined) return malformed
  const error = findMalformed([addition])
  if (error !== undefined) {
    return `Invalid resource in the 'GrowVolume.addition' field: ${error}`
  }
  if (!(milliOf(addition) > 0)) {
    return "The size of 'GrowVolume.addition' field must be greater than zero"
  }
  if (volume.providerId !== undefined) {
    return 'Growing a volume from a resource provider is not supported'
  }
  return (
    findPersistenceError('GrowVolume.volume', volume) ??
    (volume.shared && 'Growing a shared persistent volume is not supported') ??
    (shapeOf(withoutVolume(volume), '').key === shapeOf(addition, '').key
      ? undefined
      : "Incompatible resources in the 'GrowVolume.volume' and 'GrowVolume.addition' fields")
  )
}

function findShrinkError(volume: Resource, subtract: number): string | undefined {
  const malformed = findFieldError('ShrinkVolume.volume', volume)
  if (malformed !== undefined) return malformed
  const milli = Math.round(subtract * 1000)
  if (!(milli > 0)) return "Value of 'ShrinkVolume.subtract' must be greater than zero"
  if (milliOf(volume) <= milli) {
    return "Value of 'ShrinkVolume.subtract' must be smaller than the size of 'ShrinkVolume.volume'"
  }
  if (volume.providerId !== undefined) {
    return 'Shrinking a volume from a resource provider is not supported'
  }
  if (volume.disk?.source?.type === 'MOUNT') {
    return 'Shrinking a volume on a MOUNT disk is not supported'
  }
  return (
    findPersistenceError('ShrinkVolume.volume', volume) ??
    (volume.shared && 'Shrinking a shared persistent volume is not supported')
  )
}

function findFieldError(field: string, resource: Resource): string | undefined {
  return prefixed(`Invalid resource in the '${field}' field: `, findMalformed([resource]))
}

function findPersistenceError(field: string, volume: Resource): string | undefined {
  return prefixed(`Invalid persistent volume in the '${field}' field: `, findVolumeError(volume))
}

function milliOf({ scalar }: Resource): number {
  return Math.round((scalar?.value ?? 0) * 1000)
}

function prefixed(prefix: string, error: string | undefined): string | undefined {
  return error === undefined ? undefined : prefix + error
}
