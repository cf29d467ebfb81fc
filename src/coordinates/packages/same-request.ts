import { sortKeys } from './package-lock.ts'

/** True when both ask for the same, in whatever order their fields are. */
export function isSameRequest(one: object | undefined, other: object | undefined): boolean {
  return JSON.stringify(sortKeys(one ?? {})) === JSON.stringify(sortKeys(other ?? {}))
}
