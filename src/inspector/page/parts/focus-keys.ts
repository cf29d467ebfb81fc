/** Keys of the part of the page that has the focus: bound there, and listed with the others. */
export interface FocusKeys<T> {
  readonly text: string
  /** By `KeyboardEvent.key`. */
  readonly keys: Readonly<Record<string, T>>
}

/** What a key means there; undefined for all other keys. */
export function meaningOf<T>(table: readonly FocusKeys<T>[], key: string): T | undefined {
  return table.find(({ keys }) => Object.hasOwn(keys, key))?.keys[key]
}
