/** Finds the first error of a list. */

export function findFirst<T>(
  list: readonly T[],
  findError: (item: T) => string | undefined,
): string | undefined {
  for (const item of list) {
    const error = findError(item)
    if (error !== undefined) return error
  }
  return undefined
}
