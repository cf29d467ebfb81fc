/**
 * The shape of a resource, without its amount: reservations, volume, sharing. And the two forms in
 * which frameworks write reservations.
 * Source: apache/mesos docs/reservation.md, "Reservation Refinement";
 * src/common/resources_utils.cpp.
 */
import type { Resource, ResourceReservationInfo } from '../../mesos/types.generated.ts'

/** A resource without its value. Only an allocation to another role is kept. */
export type Shape = Pick<
  Resource,
  'name' | 'disk' | 'revocable' | 'shared' | 'providerId' | 'reservations' | 'allocationInfo'
>

/** Key of a resource in maps: the name of a plain one, which has no shape. */
export function shapeOf(
  resource: Resource,
  role: string,
): { readonly key: string; readonly shape?: Shape } {
  const { disk, name, providerId, revocable, shared } = resource
  const reservations = reservationsOf(resource)
  const foreign = (resource.allocationInfo?.role ?? role) === role ? undefined : resource
  const shape: Shape = {
    name,
    ...(foreign?.allocationInfo === undefined ? {} : { allocationInfo: foreign.allocationInfo }),
    ...(reservations.length === 0 ? {} : { reservations }),
    ...(disk === undefined ? {} : { disk }),
    ...(revocable === undefined ? {} : { revocable }),
    ...(shared === undefined ? {} : { shared }),
    ...(providerId === undefined ? {} : { providerId }),
  }
  if (Object.keys(shape).length === 1) return { key: name }
  return { key: keyOf(shape), shape }
}

/** The stack of reservations, from either form; empty if unreserved. */
function reservationsOf(resource: Resource): readonly ResourceReservationInfo[] {
  const { reservation, reservations = [], role = '*' } = resource
  if (reservations.length > 0 || role === '*') return reservations
  if (reservation === undefined) return [{ type: 'STATIC', role }]
  return [{ ...reservation, type: 'DYNAMIC', role }]
}

/** The role of the innermost reservation; `*` if unreserved. */
export function reservationRole({ reservations = [] }: Pick<Shape, 'reservations'> = {}): string {
  return reservations.at(-1)?.role ?? '*'
}

export function isDynamicallyReserved({ reservations = [] }: Pick<Shape, 'reservations'>): boolean {
  return reservations.at(-1)?.type === 'DYNAMIC'
}

/** True if it is reserved to a role, and again to a role below it. */
export function isRefined({ reservations = [] }: Pick<Shape, 'reservations'> = {}): boolean {
  return reservations.length > 1
}

/** True if `role` is below `ancestor`. */
export function isStrictSubrole(role: string, ancestor: string): boolean {
  return role.startsWith(`${ancestor}/`)
}

/** The form with `reservations`, which the master uses. Resources in that form stay unchanged. */
export function upgradeResource(resource: Resource): Resource {
  const { reservation: _reservation, role: _role, ...rest } = resource
  const reservations = reservationsOf(resource)
  return reservations.length === 0 ? rest : { ...rest, reservations }
}

/** The form with `role` and `reservation`, for frameworks without RESERVATION_REFINEMENT. */
export function downgradeResource(resource: Resource): Resource {
  const { reservations = [], ...rest } = resource
  const [first] = reservations
  if (first === undefined) return { ...rest, role: '*' }
  const { role = '*', type, ...reservation } = first
  return type === 'DYNAMIC' ? { ...rest, role, reservation } : { ...rest, role }
}

/** What Mesos compares: of a volume its id and source, not its mount or creator. */
function keyOf(shape: Shape): string {
  const { allocationInfo, disk, name, providerId, reservations = [], revocable, shared } = shape
  const stack = reservations.map(({ labels, principal, role, type }) => [
    type,
    role,
    principal ?? null,
    labels ?? null,
  ])
  const volume = disk && [disk.source ?? null, disk.persistence?.id ?? null]
  return JSON.stringify([
    name,
    stack,
    volume ?? null,
    revocable !== undefined,
    shared !== undefined,
    providerId?.value ?? null,
    allocationInfo?.role ?? null,
  ])
}
