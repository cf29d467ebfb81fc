/**
 * Offer operations on resources: the resources that they name, and their conversions.
 * Source: apache/mesos docs/reservation.md, docs/persistent-volume.md;
 * src/common/resources_utils.cpp.
 */
import { defined } from '../../defined.ts'
import type { OfferOperation, Resource } from '../../mesos/types.generated.ts'
import { upgradeResource } from './resource-shape.ts'
import { amountsOf } from './resources.ts'
import type { Amounts } from './resources.ts'

/**
 * Operations on an agent's own resources. CREATE_DISK and DESTROY_DISK need a resource provider.
 */
export type ResourceOperation = Extract<
  OfferOperation,
  { type: 'RESERVE' | 'UNRESERVE' | 'CREATE' | 'DESTROY' | 'GROW_VOLUME' | 'SHRINK_VOLUME' }
>

export interface Conversion {
  readonly consumed: Amounts
  readonly converted: Amounts
}

/** The resources that an operation names, launches included. */
export function resourcesIn(operation: OfferOperation): readonly Resource[] {
  const found: Resource[] = []
  mapResources(operation, (resource) => {
    found.push(resource)
    return resource
  })
  return found
}

/** Brings resources into the form with `reservations`, allocated to `role` by default. */
export function prepareResources(operation: OfferOperation, role: string): OfferOperation {
  return mapResources(operation, (resource) => prepareResource(resource, role))
}

function prepareResource(resource: Resource, role: string): Resource {
  const upgraded = upgradeResource(resource)
  return { ...upgraded, allocationInfo: upgraded.allocationInfo ?? { role } }
}

/** The conversions of an operation, in order. They keep the total of each name. */
export function conversionsOf(operation: ResourceOperation, role: string): Conversion[] {
  const toAmounts = (...resources: readonly Resource[]): Amounts => amountsOf(resources, role)
  switch (operation.type) {
    case 'RESERVE': {
      const { resources = [] } = operation.reserve
      const consumed = toAmounts(...resources.map(withoutReservation))
      return [{ consumed, converted: toAmounts(...resources) }]
    }
    case 'UNRESERVE':
      return (operation.unreserve.resources ?? []).map((resource) => ({
        consumed: toAmounts(resource),
        converted: toAmounts(withoutReservation(resource)),
      }))
    case 'CREATE':
      return (operation.create.volumes ?? []).map((volume) => ({
        consumed: toAmounts(withoutVolume(volume)),
        converted: toAmounts(volume),
      }))
    case 'DESTROY':
      return (operation.destroy.volumes ?? []).map((volume) => ({
        consumed: toAmounts(volume),
        converted: toAmounts(withoutVolume(volume)),
      }))
    case 'GROW_VOLUME': {
      const { addition, volume } = operation.growVolume
      const grown = withSize(volume, sizeOf(volume) + sizeOf(addition))
      return [{ consumed: toAmounts(volume, addition), converted: toAmounts(grown) }]
    }
    case 'SHRINK_VOLUME': {
      const { subtract, volume } = operation.shrinkVolume
      const shrunk = withSize(volume, sizeOf(volume) - subtract.value)
      const freed = withSize(withoutVolume(volume), subtract.value)
      return [{ consumed: toAmounts(volume), converted: toAmounts(shrunk, freed) }]
    }
  }
}

export function withoutVolume({ disk, shared: _shared, ...resource }: Resource): Resource {
  return disk?.source === undefined ? resource : { ...resource, disk: { source: disk.source } }
}

function withoutReservation({ reservations = [], ...resource }: Resource): Resource {
  const outer = reservations.slice(0, -1)
  return outer.length === 0 ? resource : { ...resource, reservations: outer }
}

function sizeOf({ scalar }: Resource): number {
  return scalar?.value ?? 0
}

function withSize(resource: Resource, value: number): Resource {
  return { ...resource, scalar: { value } }
}

function mapResources(
  operation: OfferOperation,
  change: (resource: Resource) => Resource,
): OfferOperation {
  const all = (list: readonly Resource[] = []): Resource[] => list.map(change)
  switch (operation.type) {
    case 'RESERVE':
      return { ...operation, reserve: { resources: all(operation.reserve.resources) } }
    case 'UNRESERVE':
      return { ...operation, unreserve: { resources: all(operation.unreserve.resources) } }
    case 'CREATE':
      return { ...operation, create: { volumes: all(operation.create.volumes) } }
    case 'DESTROY':
      return { ...operation, destroy: { volumes: all(operation.destroy.volumes) } }
    case 'GROW_VOLUME': {
      const { addition, volume } = operation.growVolume
      return { ...operation, growVolume: { volume: change(volume), addition: change(addition) } }
    }
    case 'SHRINK_VOLUME': {
      const { volume, ...rest } = operation.shrinkVolume
      return { ...operation, shrinkVolume: { ...rest, volume: change(volume) } }
    }
    case 'LAUNCH': {
      const taskInfos = operation.launch.taskInfos?.map((task) => mapTask(task, change)) ?? []
      return { ...operation, launch: { taskInfos } }
    }
    case 'LAUNCH_GROUP': {
      const { executor, taskGroup } = operation.launchGroup
      const tasks = taskGroup.tasks?.map((task) => mapTask(task, change)) ?? []
      const launchGroup = { executor: mapHolder(executor, change), taskGroup: { tasks } }
      return { ...operation, launchGroup }
    }
    default:
      return operation
  }
}

type Task = NonNullable<Extract<OfferOperation, { type: 'LAUNCH' }>['launch']['taskInfos']>[number]

function mapTask(task: Task, change: (resource: Resource) => Resource): Task {
  const { executor } = task
  return {
    ...mapHolder(task, change),
    ...defined({ executor: executor && mapHolder(executor, change) }),
  }
}

function mapHolder<T extends { readonly resources?: readonly Resource[] }>(
  holder: T,
  change: (resource: Resource) => Resource,
): T {
  return holder.resources === undefined
    ? holder
    : { ...holder, resources: holder.resources.map(change) }
}
