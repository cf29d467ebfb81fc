import { sortKeys } from './package-lock.ts'

/** Compares two requests; the order of their fields does not matter. */
export function isSameRequest(one: object | undefined, other: object | undefined): boolean {
  return JSON.stringify(sortKeys(one ?? {})) === JSON.stringify(sortKeys(other ?? {}))
}
