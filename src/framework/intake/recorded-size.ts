/** How large plain data is as JSON, and what JSON makes of it. */

export interface Recorded<T> {
  /** The value after a round trip through JSON. */
  readonly value: T
  /** Characters of JSON; for a value surely below the bound, without the escapes in texts. */
  readonly size: number
  /** True if it had a number that JSON cannot express: that is unset. */
  readonly hasNulls: boolean
}

/** A character as an escape such as `\u0000`; a number of 24 characters is 6 times its weight. */
const maxPerWeight = 6
const numberWeight = 4

/**
 * The value as an entry records it. Only one that may be larger than `bound` is made into JSON:
 * that takes three times as long as the rest of what is done with an offer.
 */
export function asRecorded<T>(whole: T, bound: number): Recorded<T> {
  const weight = weightOf(whole)
  // Also false for NaN.
  if (weight * maxPerWeight <= bound) return { value: whole, size: weight, hasNulls: false }
  const text = JSON.stringify(whole)
  const hasNulls = Number.isNaN(weight)
  const value = hasNulls ? (JSON.parse(text, dropNull) as T) : whole
  return { value, size: text.length, hasNulls }
}

/**
 * A sixth of the length as JSON, or more; without escapes about the length itself. NaN for a value
 * with a number that JSON cannot express.
 */
export function weightOf(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return value.length + 2
    case 'number':
      return Number.isFinite(value) ? numberWeight : Number.NaN
    case 'object':
      return Array.isArray(value) ? weightOfList(value) : weightOfObject(value)
    default:
      return numberWeight
  }
}

function weightOfList(list: readonly unknown[]): number {
  let sum = 2
  for (const member of list) sum += weightOf(member) + 1
  return sum
}

function weightOfObject(value: object | null): number {
  let sum = 2
  for (const key in value) sum += key.length + 4 + weightOf((value as Record<string, unknown>)[key])
  return sum
}

function dropNull(_: string, value: unknown): unknown {
  return value === null ? undefined : value
}
