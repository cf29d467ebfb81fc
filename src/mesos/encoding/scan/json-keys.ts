/** The keys of one message with their quotes and colons, and which key came after which. */
export interface Keys {
  readonly bytes: readonly Buffer[]
  /** By the place of the key before, plus one: the place of the key that followed it last. */
  readonly next: Int8Array
}

export function keysOf(names: readonly string[]): Keys {
  return {
    bytes: names.map((name) => Buffer.from(`"${name}":`, 'latin1')),
    // Other keys are counted as one behind the last.
    next: Int8Array.from({ length: names.length + 2 }, (_, at) => Math.min(at, names.length - 1)),
  }
}
