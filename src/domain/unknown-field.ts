/**
 * The first field of `value` that is not in `known`, as the rest of a sentence after `path`;
 * undefined if there is none. Without this check, a typo (`memory` instead of `memMb`) would be
 * ignored.
 */
export function findUnknownField(
  value: object,
  known: readonly string[],
  path = '',
): string | undefined {
  const name = Object.entries(value).find(
    ([key, field]) => field !== undefined && !known.includes(key),
  )?.[0]
  return name === undefined ? undefined : `${path}${name} is none of ${known.join(', ')}`
}
