import type { AppInfo } from '../../protocol/questions.ts'

/** Times that an answer is asked for again: while a journal is read, and while it is replayed. */
const times = 20

/**
 * A number that changes when an answer about a whole run is worth asking for again: twenty times
 * while a journal is being read, and while it is replayed, then each second of the run's time until
 * it is over.
 */
export function roundOf({ readSeq, replayedSeq, lastSeq, isOver, now }: AppInfo): number {
  if (readSeq !== undefined && readSeq < lastSeq) return -1 - partOf(readSeq, lastSeq)
  if (replayedSeq !== undefined && replayedSeq < lastSeq)
    return -1 - times - partOf(replayedSeq, lastSeq)
  return isOver ? 0 : Math.max(1, Math.floor(now / 1000))
}

function partOf(seq: number, lastSeq: number): number {
  return Math.floor((seq / lastSeq) * times)
}
