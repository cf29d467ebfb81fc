/**
 * A value of a run, cut to a size that any page can show. Names and payloads come from outside: a
 * value is only text and numbers.
 */
export type Value = PlainValue | CompoundValue

export interface PlainValue {
  readonly kind:
    | 'null'
    | 'undefined'
    | 'boolean'
    | 'number'
    | 'bigint'
    | 'string'
    | 'symbol'
    | 'function'
    | 'date'
    | 'error'
    | 'bytes'
    | 'actor'
    | 'cycle'
  /** As a person would write it; of a string, its beginning, without quotes. */
  readonly text: string
  /** Length of the whole text, in UTF-16 units, if `text` is only its beginning. */
  readonly length?: number
}

export interface CompoundValue {
  readonly kind: 'object' | 'array' | 'map' | 'set'
  /** Name of the class, unless it is a plain object. */
  readonly name?: string
  /** Number of members. */
  readonly size: number
  /** The first members. Fewer than `size`: the others are read by `path`. */
  readonly items: readonly (readonly [key: string, Value])[]
}
