/**
 * What a resource is, apart from how much of it there is: its reservations, volume and sharing; and
 * the two forms in which frameworks write reservations.
 * Source: apache/mesos docs/reservation.md, "Reservation Refinement";
 * src/common/resources_utils.cpp.
 */
import type { Resource, ResourceReservationInfo } from '../../mesos/types.generated.ts'

/** Everything of a resource but its value. Only a foreign allocation is kept. */
export type Shape = Pick<
  Resource,
  'name' | 'disk' | 'revocable' | 'shared' | 'providerId' | 'reservations' | 'allocationInfo'
>

/**
 * How a resource is found among others: plain ones by their name, and they have no shape beside it.
 */
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

/** The stack of reservations, from whichever form; empty when unreserved. */
function reservationsOf(resource: Resource): readonly ResourceReservationInfo[] {
  const { reservation, reservations = [], role = '*' } = resource
  if (reservations.length > 0 || role === '*') return reservations
  if (reservation === undefined) return [{ type: 'STATIC', role }]
  return [{ ...reservation, type: 'DYNAMIC', role }]
}

/** Who may use it: the role of its innermost reservation, `*` when unreserved. */
export function reservationRole({ reservations = [] }: Pick<Shape, 'reservations'> = {}): string {
  return reservations.at(-1)?.role ?? '*'
}

export function isDynamicallyReserved({ reservations = [] }: Pick<Shape, 'reservations'>): boolean {
  return reservations.at(-1)?.type === 'DYNAMIC'
}

/** Is it reserved to a role and once more, to a role below that. */
export function isRefined({ reservations = [] }: Pick<Shape, 'reservations'> = {}): boolean {
  return reservations.length > 1
}

/** Is `role` somewhere below `ancestor`. */
export function isStrictSubrole(role: string, ancestor: string): boolean {
  return role.startsWith(`${ancestor}/`)
}

/**
 * The form with `reservations`, which the master works on. Resources of that form stay as they are.
 */
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

/** What Mesos compares: of a volume its id and source, not where it is mounted or who made it. */
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
