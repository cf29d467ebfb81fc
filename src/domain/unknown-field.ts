/**
 * The first field of `value` that is not in `known`, as the rest of a sentence after `path`; undefined when there is none.
 * What nobody reads would be lost without a word: `memory` where `memMb` is meant.
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
