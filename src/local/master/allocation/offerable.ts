/**
 * Chooses the free resources of an agent that can be offered to a framework in a role.
 * Source: apache/mesos src/master/allocator/mesos/hierarchical.cpp (allocatable,
 * stripIncapableResources); docs/gpu-support.md.
 */
import type { FrameworkInfo } from '../../../mesos/types.generated.ts'
import { hasCapability, rolesOf } from '../../messages/framework-info.ts'
import { isRefined, isStrictSubrole, reservationRole } from '../../resources/resource-shape.ts'
import type { Shape } from '../../resources/resource-shape.ts'
import { filterAmounts, scalarTotals } from '../../resources/resources.ts'
import type { Amount, Amounts } from '../../resources/resources.ts'
import type { Quantities } from './fair-sharing.ts'

/**
 * An offer is sent if it has all quantities of one of these entries, or if there are no entries.
 */
export type MinAllocatable = readonly Quantities[]

/** Mesos' default of `--min_allocatable_resources`. */
export const defaultMinAllocatable: MinAllocatable = [
  new Map([['cpus', 10]]),
  new Map([['mem', 32_000]]),
]

/** The kinds of resources that a framework accepts, and its minimum, read when it subscribes. */
export interface Appetite {
  readonly takesShared: boolean
  readonly takesRevocable: boolean
  readonly takesRefined: boolean
  readonly takesGpus: boolean
  /** By role. Other roles have the master's minimum. */
  readonly minAllocatable: ReadonlyMap<string, MinAllocatable>
}

export function appetiteOf(info: FrameworkInfo): Appetite {
  return {
    takesShared: hasCapability(info, 'SHARED_RESOURCES'),
    takesRevocable: hasCapability(info, 'REVOCABLE_RESOURCES'),
    takesRefined: hasCapability(info, 'RESERVATION_REFINEMENT'),
    takesGpus: hasCapability(info, 'GPU_RESOURCES'),
    minAllocatable: minAllocatableOf(info),
  }
}

/**
 * Resources that are unreserved, or reserved to the role or its ancestor, of kinds that the
 * framework accepts.
 */
export function offerableTo(free: Amounts, role: string, appetite: Appetite): Amounts {
  const isWanted = ({ shape }: Amount): boolean =>
    shape === undefined || (isAllocatableTo(shape, role) && isReadable(shape, appetite))
  for (const amount of free.values()) {
    if (!isWanted(amount)) return filterAmounts(free, isWanted)
  }
  return free
}

/** Sorts resources as Mesos does in offers: unreserved scalars come last. */
export function orderForOffer(amounts: Amounts): Amounts {
  const isFirst = ({ kind, shape }: Amount): boolean =>
    kind !== 'scalar' || reservationRole(shape) !== '*' || shape?.revocable !== undefined
  const entries = [...amounts]
  return new Map([
    ...entries.filter(([, amount]) => isFirst(amount)),
    ...entries.filter(([, amount]) => !isFirst(amount)),
  ])
}

export function isWorthOffering(amounts: Amounts, least: MinAllocatable): boolean {
  if (amounts.size === 0) return false
  if (least.length === 0) return true
  const totals = scalarTotals(amounts)
  return least.some((quantities) =>
    [...quantities].every(([name, milli]) => (totals.get(name) ?? 0) >= milli),
  )
}

function isAllocatableTo(shape: Shape, role: string): boolean {
  const owner = reservationRole(shape)
  return owner === '*' || owner === role || isStrictSubrole(role, owner)
}

function isReadable(shape: Shape, appetite: Appetite): boolean {
  return (
    (shape.shared === undefined || appetite.takesShared) &&
    (shape.revocable === undefined || appetite.takesRevocable) &&
    (!isRefined(shape) || appetite.takesRefined)
  )
}

function minAllocatableOf(info: FrameworkInfo): Map<string, MinAllocatable> {
  const roles = new Set(rolesOf(info))
  const least = new Map<string, MinAllocatable>()
  for (const [role, { minAllocatableResources }] of Object.entries(info.offerFilters ?? {})) {
    if (minAllocatableResources === undefined || !roles.has(role)) continue
    const quantities = (minAllocatableResources.quantities ?? []).map(
      (each) =>
        new Map(
          Object.entries(each.quantities ?? {}).map(([name, { value }]) => [
            name,
            Math.round(value * 1000),
          ]),
        ),
    )
    least.set(role, quantities)
  }
  return least
}
