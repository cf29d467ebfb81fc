import type { AppInfo } from '../../protocol/questions.ts'

/**
 * A number that changes when an answer about a whole run is worth asking for again: twenty times
 * while a journal is being read, then each second of the run's time until it is over.
 */
export function roundOf({ readSeq, lastSeq, isOver, now }: AppInfo): number {
  if (readSeq !== undefined && readSeq < lastSeq) return -1 - Math.floor((readSeq / lastSeq) * 20)
  return isOver ? 0 : Math.max(1, Math.floor(now / 1000))
}
