/**
 * Why Mesos refuses disks and persistent volumes, in its words.
 * Source: apache/mesos src/common/resources.cpp (validate), src/master/validation.cpp (resource).
 */
import type { Resource } from '../../mesos/types.generated.ts'
import { findIdError } from '../messages/name-validation.ts'
import { reservationRole, upgradeResource } from './resource-shape.ts'
import { formatResource } from './resource-text.ts'

/** Refuses two volumes of one role with the same id. */
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

/** Why this is not a persistent volume; undefined if it is one. */
export function findVolumeError({ disk, ...resource }: Resource): string | undefined {
  if (disk === undefined) return `Resource ${formatResource(resource)} does not have DiskInfo`
  if (disk.persistence === undefined) return "'persistence' is not set in DiskInfo"
  if (disk.volume === undefined) return "Expecting 'volume' to be set for persistent volume"
  return disk.volume.mode === 'RO' ? 'Read-only persistent volume not supported' : undefined
}

export function findDiskError(resource: Resource): string | undefined {
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
