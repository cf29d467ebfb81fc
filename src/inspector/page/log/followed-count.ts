/** Lengths of a growing log that wait for their last row, newest last. */
const maxWaiting = 50

/**
 * How many rows of a log that is followed are drawn: as many as have come. A fast run would show
 * nothing but placeholders otherwise. Called with each new length, and after rows have come.
 */
export function createFollowedCount(): (
  count: number,
  isHere: (index: number) => boolean,
) => number {
  let drawn: number | undefined
  let waiting: readonly number[] = []
  return (count, isHere) => {
    if (drawn === undefined || count < drawn || isHere(count - 1)) {
      waiting = []
      drawn = count
      return count
    }
    if (waiting.at(-1) !== count) waiting = [...waiting, count].slice(-maxWaiting)
    const at = waiting.findLastIndex((each) => isHere(each - 1))
    if (at >= 0) {
      drawn = waiting[at] ?? drawn
      waiting = waiting.slice(at + 1)
    }
    return drawn
  }
}
