/** Questions about the whole run: its parts, and its landmarks. */
import type { AnyStateMachine } from 'xstate'
import type { App, Bucket, Landmark } from '../../protocol/questions.ts'
import { createPauses } from '../run/pauses.ts'
import type { Flag } from '../run/run-index.ts'
import type { Scene } from './scene.ts'

const maxBuckets = 1000
/** Entries that are replayed at a time while a landmark is looked for. */
const lookAhead = 1000
const flagOf: Readonly<Record<Landmark, Flag>> = {
  failure: 'failure',
  rejection: 'rejected',
  restart: 'restart',
  change: 'change',
}

export function overviewQuestions<M extends AnyStateMachine>({
  run,
  start,
}: Scene<M>): Pick<App, 'buckets' | 'next'> {
  return {
    async buckets({ count, by }) {
      await run.readTo(Infinity)
      const { index } = run
      const first = run.firstSeq + 1
      const total = run.readSeq - run.firstSeq
      if (total <= 0) return []
      const parts = Math.max(1, Math.min(count, maxBuckets, by === 'seq' ? total : maxBuckets))
      const from = index.nowOf(first) || start.startedAt
      const length = Math.max(1, run.now - from + 1)
      const buckets: Writable<Bucket>[] = []
      for (let seq = first; seq <= run.readSeq; seq++) {
        const now = index.nowOf(seq)
        const [place, whole] = by === 'seq' ? [seq - first, total] : [now - from, length]
        // Multiplied first: 15 / 22 * 22 is less than 15.
        const part = Math.floor((place * parts) / whole)
        const bucket = (buckets[Math.min(parts - 1, part)] ??= {
          fromSeq: seq,
          fromNow: now,
          count: 0,
          failed: 0,
          rejected: 0,
        })
        bucket.count += 1
        if (index.is(seq, 'failure')) bucket.failed += 1
        if (index.is(seq, 'rejected')) bucket.rejected += 1
      }
      return filled(buckets, parts, first, (index) => Math.floor(from + (index * length) / parts))
    },

    async next({ seq, direction, kind }) {
      const flag = flagOf[kind]
      const pause = createPauses()
      await run.readTo(direction === 1 ? Infinity : seq)
      const isRead = kind === 'failure' || kind === 'restart'
      if (!isRead && direction === -1) await run.replayTo(seq - 1)
      const limit = direction === 1 ? run.readSeq : run.firstSeq + 1
      for (let at = seq + direction; (limit - at) * direction >= 0; at += direction) {
        if (!isRead && at > run.replayedSeq) await run.replayTo(at + lookAhead)
        if (run.index.is(at, flag)) return { seq: at }
        if (at % lookAhead === 0) await pause()
      }
      return { seq: null }
    },
  }
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

/** Parts of the time in which nothing happened are there too, and are empty. */
function filled(
  buckets: readonly (Bucket | undefined)[],
  parts: number,
  first: number,
  nowOf: (index: number) => number,
): readonly Bucket[] {
  let seq = first
  return Array.from({ length: parts }, (_, index) => {
    const bucket = buckets[index]
    if (bucket === undefined) {
      return { fromSeq: seq, fromNow: nowOf(index), count: 0, failed: 0, rejected: 0 }
    }
    seq = bucket.fromSeq + bucket.count
    return bucket
  })
}
