/** Places of entries on the scrubber, from 0 (left) to 1 (right). */
import type { Bucket } from '../../protocol/questions.ts'

export interface Scale {
  /** One for each bucket that is drawn; its place and its width. */
  readonly bars: readonly ScaleBar[]
  /** Parts without an entry that were made narrow. */
  readonly gaps: readonly { readonly x: number; readonly width: number; readonly ms: number }[]
  xOf(seq: number): number
  seqAt(x: number): number
}

export interface ScaleBar {
  readonly x: number
  readonly width: number
  readonly bucket: Bucket
}

/** Idle parts of more buckets than this become a gap of a few. */
const maxIdleBuckets = 9
const gapBuckets = 3

/**
 * A scale over buckets, each as wide as the others. With `isCompressed`, long runs of buckets without
 * an entry become a narrow gap. Inside a bucket, entries are spread evenly.
 */
export function createScale(
  buckets: readonly Bucket[],
  lastSeq: number,
  isCompressed: boolean,
): Scale {
  const parts = isCompressed ? compress(buckets) : buckets.map((bucket) => ({ bucket, width: 1 }))
  const whole = parts.reduce((sum, { width }) => sum + width, 0) || 1
  const bars: ScaleBar[] = []
  const gaps: { x: number; width: number; ms: number }[] = []
  let at = 0
  for (const part of parts) {
    const place = { x: at / whole, width: part.width / whole }
    if ('gapMs' in part && part.gapMs !== undefined) gaps.push({ ...place, ms: part.gapMs })
    else if (part.bucket.count > 0) bars.push({ ...place, bucket: part.bucket })
    at += part.width
  }
  return {
    bars,
    gaps,
    xOf: (seq) => {
      const bar = bars.findLast(({ bucket }) => bucket.fromSeq <= seq)
      if (bar === undefined) return 0
      if (seq >= lastSeq) return 1
      const part = Math.min(1, (seq - bar.bucket.fromSeq) / bar.bucket.count)
      return bar.x + bar.width * part
    },
    seqAt: (x) => {
      if (x >= 1) return lastSeq
      const bar = bars.findLast((each) => each.x <= x) ?? bars[0]
      if (bar === undefined) return lastSeq
      const part = Math.max(0, Math.min(1, (x - bar.x) / bar.width))
      const inside = Math.min(Math.round(part * bar.bucket.count), bar.bucket.count - 1)
      return Math.min(lastSeq, bar.bucket.fromSeq + Math.max(0, inside))
    },
  }
}

interface Part {
  readonly bucket: Bucket
  readonly width: number
  readonly gapMs?: number
}

function compress(buckets: readonly Bucket[]): readonly Part[] {
  const parts: Part[] = []
  for (let index = 0; index < buckets.length;) {
    const bucket = buckets[index] as Bucket
    let end = index
    while (end < buckets.length && buckets[end]?.count === 0) end += 1
    const next = buckets[end]
    if (end - index > maxIdleBuckets && next !== undefined) {
      parts.push({ bucket, width: gapBuckets, gapMs: next.fromNow - bucket.fromNow })
      index = end
    } else {
      parts.push({ bucket, width: 1 })
      index += 1
    }
  }
  return parts
}
