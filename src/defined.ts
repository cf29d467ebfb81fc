/**
 * A copy of `values` without the properties that are undefined, to be spread into an object with
 * optional properties: JSON, journals and `exactOptionalPropertyTypes` tell an absent property
 * from one that is undefined.
 */
export function defined<T extends object>(values: T): Defined<T> {
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(values)) {
    const value: unknown = values[key as keyof T]
    if (value !== undefined) copy[key] = value
  }
  return copy as Defined<T>
}

/** `T` with an optional property for each that may be undefined. */
export type Defined<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K]
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}
