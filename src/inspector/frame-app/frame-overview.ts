/** Questions about the whole of a program's frames. */
import type { App, Bucket, Landmark } from '../protocol/questions.ts'
import { isFailure, linesOf } from './frame-scene.ts'
import type { FrameScene } from './frame-scene.ts'
import type { FrameStep, FrameStore } from './frame-store.ts'

const maxBuckets = 1000

export function frameOverviewQuestions(scene: FrameScene): Pick<App, 'buckets' | 'next' | 'at'> {
  const { store } = scene
  const isLandmark: Readonly<Record<Landmark, (step: FrameStep) => boolean>> = {
    failure: isFailure,
    // Frames have neither.
    rejection: () => false,
    restart: () => false,
    change: (step) => {
      const { from, to } = linesOf(scene, step)
      return from !== to
    },
  }
  return {
    buckets: ({ count, by }) => bucketsOf(store, Math.max(1, Math.min(count, maxBuckets)), by),
    next({ seq, direction, kind }) {
      const is = isLandmark[kind]
      const [first, last] = [store.firstSeq, store.lastSeq]
      const start = Math.min(last + 1, Math.max(first - 1, seq))
      for (let at = start + direction; at >= first && at <= last; at += direction) {
        const step = store.step(at)
        if (step !== undefined && is(step)) return { seq: at }
      }
      return { seq: null }
    },
    at({ now }) {
      // Programs may lie about the time: it need not grow.
      for (let seq = store.lastSeq; seq > store.firstSeq; seq -= 1)
        if ((store.step(seq)?.now ?? Infinity) <= now) return { seq }
      return { seq: store.firstSeq }
    },
  }
}

type Sums = { -readonly [Key in keyof Bucket]: Bucket[Key] }

function bucketsOf(store: FrameStore, count: number, by: 'seq' | 'time'): readonly Bucket[] {
  const { firstSeq, lastSeq } = store
  const total = lastSeq - firstSeq + 1
  if (total <= 0) return []
  const { from, to } = timesOf(store)
  const parts = by === 'seq' ? Math.min(count, total) : count
  const buckets: Sums[] = []
  for (let seq = firstSeq; seq <= lastSeq; seq += 1) {
    const step = store.step(seq)
    if (step === undefined) continue
    const [place, whole] = by === 'seq' ? [seq - firstSeq, total] : [step.now - from, to - from + 1]
    // Multiplied first: a quotient may be a bit less than the number of its part.
    const bucket = (buckets[Math.floor((place * parts) / whole)] ??= emptyBucket(seq, step.now))
    bucket.count += 1
    if (isFailure(step)) bucket.failed += 1
  }
  let nextSeq = firstSeq
  // A part of the time in which nothing happened is there too, and is empty.
  return Array.from({ length: parts }, (_, index) => {
    const fromNow = Math.floor(from + (index * (to - from + 1)) / parts)
    const bucket = buckets[index] ?? emptyBucket(nextSeq, fromNow)
    nextSeq = bucket.fromSeq + bucket.count
    return bucket
  })
}

function emptyBucket(fromSeq: number, fromNow: number): Sums {
  return { fromSeq, fromNow, count: 0, failed: 0, rejected: 0 }
}

/** The earliest and the latest time of all steps. */
function timesOf(store: FrameStore): { readonly from: number; readonly to: number } {
  let from = Infinity
  let to = 0
  for (let seq = store.firstSeq; seq <= store.lastSeq; seq += 1) {
    const { now = to } = store.step(seq) ?? {}
    from = Math.min(from, now)
    to = Math.max(to, now)
  }
  return { from, to }
}
