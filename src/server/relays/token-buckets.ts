/** Rate limits per sender: a token bucket for each of any number of senders, in bounded memory. */

export interface BucketOptions {
  /** Size of the bucket. */
  readonly burst: number
  readonly perSecond: number
}

export interface Buckets {
  /**
   * Takes tokens from the bucket of the sender. Takes none and returns false if there are too few.
   */
  take(sender: string, amount: number): boolean
}

/** Further senders displace the least recent ones. */
const maxSenders = 10_000

export function createBuckets({ burst, perSecond }: BucketOptions): Buckets {
  const buckets = new Map<string, { left: number; atMs: number }>()
  return {
    take(sender, amount) {
      const now = performance.now()
      const bucket = buckets.get(sender) ?? { left: burst, atMs: now }
      bucket.left = Math.min(burst, bucket.left + ((now - bucket.atMs) / 1000) * perSecond)
      bucket.atMs = now
      // Moves the sender to the end: the map is ordered by last use.
      buckets.delete(sender)
      buckets.set(sender, bucket)
      if (buckets.size > maxSenders) forgetFirst(buckets)
      // A message larger than the bucket passes when the bucket is full; it would never pass else.
      const price = Math.min(amount, burst)
      if (bucket.left < price) return false
      bucket.left -= price
      return true
    },
  }
}

function forgetFirst(map: Map<string, unknown>): void {
  const [first] = map.keys()
  if (first !== undefined) map.delete(first)
}
