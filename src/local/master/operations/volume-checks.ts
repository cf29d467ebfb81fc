/**
 * Why the master refuses CREATE, DESTROY, GROW_VOLUME and SHRINK_VOLUME, in Mesos' order and words.
 * Source: apache/mesos src/master/validation.cpp (operation).
 */
import type { FrameworkInfo, Resource } from '../../../mesos/types.generated.ts'
import { hasCapability } from '../../messages/framework-info.ts'
import { findFirst } from '../../resources/find-first.ts'
import { withoutVolume } from '../../resources/resource-operations.ts'
import { shapeOf } from '../../resources/resource-shape.ts'
import { formatResource } from '../../resources/resource-text.ts'
import { findMalformed, findMixedRoles } from '../../resources/resource-validation.ts'
import { amountsOf, containsAmounts, toResources } from '../../resources/resources.ts'
import { findDuplicateVolume, findVolumeError } from '../../resources/volume-validation.ts'
import { findListError, prefixed } from './operation-site.ts'
import type { OperationSite } from './operation-site.ts'

export function findCreateError(
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

export function findDestroyError(
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

export function findGrowError(volume: Resource, addition: Resource): string | undefined {
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

export function findShrinkError(volume: Resource, subtract: number): string | undefined {
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
