/**
 * Why the master refuses an operation on resources, in Mesos' order and words. Resources are in the
 * form with `reservations`, and allocated.
 * Source: apache/mesos src/master/validation.cpp (operation).
 */
import type { ResourceOperation } from '../../resources/resource-operations.ts'
import type { OperationSite } from './operation-site.ts'
import { findReserveError, findUnreserveError } from './reservation-checks.ts'
import {
  findCreateError,
  findDestroyError,
  findGrowError,
  findShrinkError,
} from './volume-checks.ts'

/** Undefined for a valid operation; whether the offers suffice is checked later. */
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
