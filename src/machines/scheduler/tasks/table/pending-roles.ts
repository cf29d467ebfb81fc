/** Counts waiting tasks that need offers of one role, so that offers of that role are asked for. */
import {
  emptyMap,
  getFrom,
  removeFrom,
  setIn,
  valuesOf,
} from '../../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../../domain/persistent-map.ts'

/** By role. Tasks that take offers of any role are left out. */
export type PendingRoles = PersistentMap<{ readonly role: string; readonly count: number }>

export const noPendingRoles: PendingRoles = emptyMap()

/** Adds `by` to the number of tasks that wait for this role. */
export function countPending(
  pending: PendingRoles,
  role: string | undefined,
  by: 1 | -1,
): PendingRoles {
  if (role === undefined) return pending
  const count = (getFrom(pending, role)?.count ?? 0) + by
  return count === 0 ? removeFrom(pending, role) : setIn(pending, role, { role, count })
}

/** The roles for whose offers some of `pendingCount` tasks wait. */
export function rolesWaitedFor(
  pending: PendingRoles,
  pendingCount: number,
  roles: readonly string[],
): readonly string[] {
  const named = [...valuesOf(pending)]
  const bound = named.reduce((sum, { count }) => sum + count, 0)
  if (pendingCount > bound) return roles
  return roles.filter((role) => named.some((one) => one.role === role))
}
