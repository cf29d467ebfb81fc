/** How much each sender may say: token buckets, for any number of senders in bounded memory. */

export interface BucketOptions {
  /** What may come at once. */
  readonly burst: number
  readonly perSecond: number
}

export interface Buckets {
  /** Takes so much from the sender's bucket; false, and nothing is taken, when there is not enough. */
  take(sender: string, amount: number): boolean
}

/** Of so many senders at most the state is kept; of others that of the ones heard of last. */
const maxSenders = 10_000

export function createBuckets({ burst, perSecond }: BucketOptions): Buckets {
  const buckets = new Map<string, { left: number; atMs: number }>()
  return {
    take(sender, amount) {
      const now = performance.now()
      const bucket = buckets.get(sender) ?? { left: burst, atMs: now }
      bucket.left = Math.min(burst, bucket.left + ((now - bucket.atMs) / 1000) * perSecond)
      bucket.atMs = now
      // Behind the others again.
      buckets.delete(sender)
      buckets.set(sender, bucket)
      if (buckets.size > maxSenders) forgetFirst(buckets)
      // What is larger than a bucket passes when that is full: nobody is cut off for the size of one message.
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
