/**
 * Why Mesos refuses the reservations of a resource, in its words.
 * Source: apache/mesos src/common/resources.cpp (validate).
 */
import type { Resource, ResourceReservationInfo } from '../../mesos/types.generated.ts'
import { findRoleError } from '../messages/name-validation.ts'
import { findFirst } from './find-first.ts'
import { isStrictSubrole } from './resource-shape.ts'

export function findPlainReservationError({
  reservation,
  role = '*',
}: Resource): string | undefined {
  const error = findRoleError(role)
  if (error !== undefined || reservation === undefined) return error
  for (const field of ['type', 'role'] as const) {
    if (reservation[field] !== undefined) {
      return (
        `'Resource.ReservationInfo.${field}' must not be set for` +
        " the 'Resource.reservation' field"
      )
    }
  }
  return role === '*' ? 'Invalid reservation: role "*" cannot be dynamically reserved' : undefined
}

export function findReservationsError(
  resource: Resource,
  reservations: readonly ResourceReservationInfo[],
): string | undefined {
  return (
    findFirst(reservations, findReservationError) ??
    findRefinementError(reservations) ??
    findFormatError(resource, reservations)
  )
}

function findReservationError({ role, type }: ResourceReservationInfo): string | undefined {
  const missing = type === undefined ? 'type' : role === undefined ? 'role' : undefined
  if (missing !== undefined) {
    return `Invalid reservation: 'Resource.ReservationInfo.${missing}' field must be set.`
  }
  const error = findRoleError(role ?? '')
  return error ?? (role === '*' ? 'Invalid reservation: role "*" cannot be reserved' : undefined)
}

function findRefinementError(reservations: readonly ResourceReservationInfo[]): string | undefined {
  for (const [index, { role = '', type }] of reservations.entries()) {
    const ancestor = reservations[index - 1]?.role
    if (ancestor === undefined) continue
    if (type === 'STATIC') {
      return 'Invalid refined reservation: A refined reservation cannot be STATIC'
    }
    if (!isStrictSubrole(role, ancestor)) {
      return `Invalid refined reservation: role '${role}' is not a refinement of '${ancestor}'`
    }
  }
  return undefined
}

/** Both forms at once are valid if they agree. */
function findFormatError(
  { reservation, role }: Resource,
  [first, ...refinements]: readonly ResourceReservationInfo[],
): string | undefined {
  const invalid = 'Invalid resource format:'
  if (refinements.length > 0) {
    const field =
      role !== undefined ? 'role' : reservation !== undefined ? 'reservation' : undefined
    return (
      field &&
      `${invalid} 'Resource.${field}' must not be set if` +
        " there is more than one reservation in 'Resource.reservations'"
    )
  }
  if (role !== undefined && role !== first?.role) {
    return (
      `${invalid} 'Resource.role' field with '${role}' does not match the role` +
      ` '${first?.role}' in 'Resource.reservations'`
    )
  }
  if (first?.type === 'STATIC') {
    return (
      reservation &&
      `${invalid} 'Resource.reservation' must not be set if the single reservation in` +
        " 'Resource.reservations' is STATIC"
    )
  }
  return (role === undefined) === (reservation === undefined)
    ? undefined
    : `${invalid} 'Resource.role' and 'Resource.reservation' must either be both set or both not` +
        " set if the single reservation in 'Resource.reservations' is DYNAMIC"
}
