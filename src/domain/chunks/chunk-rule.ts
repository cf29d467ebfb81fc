/**
 * How large the chunks of a library are. They grow with the library, in classes: its list of chunks
 * stays small, and versions of about one size are cut alike.
 */

export interface ChunkRule {
  /** Minimum size of a chunk; the last one of a library may be smaller. */
  readonly minBytes: number
  /** Mean distance of chunk ends beyond the minimum size; a power of two. */
  readonly meanBytes: number
  /** Maximum size of a chunk. */
  readonly maxBytes: number
}

const kib = 1024
const mib = 1024 * kib

/**
 * The last rule has no limit. A list has 0.27 % of the bytes by the first rule, 0.07 % by the
 * second, 0.02 % by the third.
 */
const classes: readonly { readonly limitBytes: number; readonly rule: ChunkRule }[] = [
  { limitBytes: 256 * mib, rule: { minBytes: 4 * kib, meanBytes: 8 * kib, maxBytes: 64 * kib } },
  {
    limitBytes: 4096 * mib,
    rule: { minBytes: 16 * kib, meanBytes: 32 * kib, maxBytes: 256 * kib },
  },
  { limitBytes: Infinity, rule: { minBytes: 64 * kib, meanBytes: 128 * kib, maxBytes: mib } },
]

/**
 * The rule for a library of this size. Scheduler and executors derive it from the manifest, and
 * executors cut older versions by the rule of the new one, also if these are of another class.
 */
export function chunkRuleOf(sizeBytes: number): ChunkRule {
  const found = classes.find(({ limitBytes }) => sizeBytes <= limitBytes) ?? classes.at(-1)
  if (found === undefined) throw new TypeError('there are no classes')
  return found.rule
}
