/**
 * Operations on the resources of an agent as plain data, and how each changes an offer.
 * Source: mesos.proto, `Offer.Operation`; docs/reservation.md; docs/persistent-volume.md.
 */
import { defined } from '../../defined.ts'
import type {
  Labels,
  OfferOperation,
  Resource,
  ResourceAllocationInfo,
} from '../../mesos/types.generated.ts'
import type { ResourceRequest } from './resource-request.ts'
import { addResources, containsResources, subtractResources } from './resources.ts'

/** All operations but launches, which come from tasks; the framework gives the id. */
export type ResourceOperation = Exclude<
  OfferOperation,
  { readonly type: 'UNKNOWN' | 'LAUNCH' | 'LAUNCH_GROUP' }
>

export interface ReservationOptions {
  /** Must be the role of the framework, or one below it. */
  readonly role: string
  /** The principal that reserves; required where the master authenticates. */
  readonly principal?: string
  readonly labels?: Labels
  /** The reservations that this one refines, outermost first. */
  readonly within?: Resource['reservations']
}

export interface VolumeOptions extends ReservationOptions {
  /** Unique on the agent. */
  readonly id: string
  readonly sizeMb: number
  /** Relative to the sandbox of the tasks that use it. */
  readonly containerPath: string
  /** Default RW. */
  readonly mode?: 'RW' | 'RO'
}

/** Resources with a dynamic reservation, for RESERVE and UNRESERVE. */
export function reservedResources(
  {
    cpus = 0,
    memMb = 0,
    diskMb = 0,
    gpus = 0,
  }: Pick<ResourceRequest, 'cpus' | 'memMb' | 'diskMb' | 'gpus'>,
  { role, principal, labels, within = [] }: ReservationOptions,
): readonly Resource[] {
  const reservation = {
    type: 'DYNAMIC',
    role,
    ...defined({ principal, labels }),
  } as const
  return [
    ['cpus', cpus] as const,
    ['mem', memMb] as const,
    ['disk', diskMb] as const,
    ['gpus', gpus] as const,
  ]
    .filter(([, value]) => value > 0)
    .map(([name, value]) => ({
      name,
      type: 'SCALAR',
      scalar: { value },
      reservations: [...within, reservation],
    }))
}

/** A persistent volume on reserved disk, for CREATE and DESTROY. */
export function persistentVolume(options: VolumeOptions): Resource {
  const { id, sizeMb, containerPath, mode = 'RW', principal } = options
  const [disk] = reservedResources({ diskMb: sizeMb }, options)
  return {
    ...(disk as Resource),
    disk: {
      persistence: { id, ...defined({ principal }) },
      volume: { containerPath, mode },
    },
  }
}

/**
 * The operation as sent, and the resources of the offer after it; undefined if the offer lacks what
 * it needs.
 */
export function applyOperation(
  resources: readonly Resource[],
  operation: ResourceOperation,
  allocationInfo: ResourceAllocationInfo | undefined,
): { readonly operation: ResourceOperation; readonly rest: readonly Resource[] } | undefined {
  const allocated = mapResources(operation, (resource) =>
    inKeyOrder(allocationInfo === undefined ? resource : { ...resource, allocationInfo }),
  )
  const has = resources.map(inKeyOrder)
  const { takes, leaves } = conversionOf(allocated)
  if (!containsResources(has, takes)) return undefined
  return { operation: allocated, rest: addResources(subtractResources(has, takes), leaves) }
}

/**
 * The resources that an operation consumes and those that it creates. Disks that a resource
 * provider creates are unknown in advance.
 */
export function conversionOf(operation: ResourceOperation): {
  readonly takes: readonly Resource[]
  readonly leaves: readonly Resource[]
} {
  switch (operation.type) {
    case 'RESERVE': {
      const { resources = [], source } = operation.reserve
      return { takes: source ?? resources.map(unreserved), leaves: resources }
    }
    case 'UNRESERVE': {
      const { resources = [] } = operation.unreserve
      return { takes: resources, leaves: resources.map(unreserved) }
    }
    case 'CREATE': {
      const { volumes = [] } = operation.create
      return { takes: volumes.map(withoutVolume), leaves: volumes }
    }
    case 'DESTROY': {
      const { volumes = [] } = operation.destroy
      return { takes: volumes, leaves: volumes.map(withoutVolume) }
    }
    case 'GROW_VOLUME': {
      const { volume, addition } = operation.growVolume
      const grown = addScalar(volume, addition.scalar?.value ?? 0)
      return { takes: [volume, addition], leaves: [grown] }
    }
    case 'SHRINK_VOLUME': {
      const { volume, subtract } = operation.shrinkVolume
      const freed = { ...withoutVolume(volume), scalar: subtract }
      return { takes: [volume], leaves: [addScalar(volume, -subtract.value), freed] }
    }
    case 'CREATE_DISK':
      return { takes: [operation.createDisk.source], leaves: [] }
    case 'DESTROY_DISK':
      return { takes: [operation.destroyDisk.source], leaves: [] }
  }
}

function mapResources(
  operation: ResourceOperation,
  map: (resource: Resource) => Resource,
): ResourceOperation {
  switch (operation.type) {
    case 'RESERVE': {
      const { resources = [], source } = operation.reserve
      return {
        ...operation,
        reserve: {
          resources: resources.map(map),
          ...defined({ source: source?.map(map) }),
        },
      }
    }
    case 'UNRESERVE':
      return {
        ...operation,
        unreserve: { resources: (operation.unreserve.resources ?? []).map(map) },
      }
    case 'CREATE':
      return { ...operation, create: { volumes: (operation.create.volumes ?? []).map(map) } }
    case 'DESTROY':
      return { ...operation, destroy: { volumes: (operation.destroy.volumes ?? []).map(map) } }
    case 'GROW_VOLUME': {
      const { volume, addition } = operation.growVolume
      return { ...operation, growVolume: { volume: map(volume), addition: map(addition) } }
    }
    case 'SHRINK_VOLUME': {
      const { volume, subtract } = operation.shrinkVolume
      return { ...operation, shrinkVolume: { volume: map(volume), subtract } }
    }
    case 'CREATE_DISK': {
      const { createDisk } = operation
      return { ...operation, createDisk: { ...createDisk, source: map(createDisk.source) } }
    }
    case 'DESTROY_DISK':
      return { ...operation, destroyDisk: { source: map(operation.destroyDisk.source) } }
  }
}

/** Removes the innermost reservation. */
function unreserved({ reservations = [], ...resource }: Resource): Resource {
  const outer = reservations.slice(0, -1)
  return outer.length === 0 ? resource : { ...resource, reservations: outer }
}

function withoutVolume({ disk, ...resource }: Resource): Resource {
  const { persistence: _persistence, volume: _volume, ...kept } = disk ?? {}
  return Object.keys(kept).length === 0 ? resource : { ...resource, disk: kept }
}

function addScalar(resource: Resource, amount: number): Resource {
  const millis = Math.round(((resource.scalar?.value ?? 0) + amount) * 1000)
  return { ...resource, scalar: { value: millis / 1000 } }
}

/** Sorts fields, so that equal resources of a user and of the wire give equal texts. */
function inKeyOrder<T>(value: T): T {
  if (Array.isArray(value)) return value.map(inKeyOrder) as T
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, inKeyOrder(inner)])) as T
}
