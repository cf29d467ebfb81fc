/** Wider columns are cut first, to `longFloor`; if that is not enough, all are, to `floor`. */
const longest = 16
const longFloor = 10
const floor = 6

/** Widths of columns that take `room` together, if that leaves six characters of each. */
export function fitColumns(widths: readonly number[], room: number): readonly number[] {
  const isLong = widths.map((width) => width > longest)
  const fitted = cutWidest(widths, room, (index) => (isLong[index] === true ? longFloor : Infinity))
  return cutWidest(fitted, room, () => floor)
}

/** Takes one character after another from the widest column above its floor. */
function cutWidest(
  widths: readonly number[],
  room: number,
  floorOf: (index: number) => number,
): readonly number[] {
  const cut = [...widths]
  let excess = cut.reduce((sum, width) => sum + width, 0) - room
  // A text may be as long as a task's result: begin where cutting has a use.
  for (const [index, width] of cut.entries()) {
    const spare = Math.min(excess, width - Math.max(room, floorOf(index)))
    if (spare <= 0) continue
    cut[index] = width - spare
    excess -= spare
  }
  for (; excess > 0; excess -= 1) {
    const free = cut.flatMap((width, index) => (width > floorOf(index) ? [{ width, index }] : []))
    const [widest] = free.toSorted((one, other) => other.width - one.width)
    if (widest === undefined) break
    cut[widest.index] = widest.width - 1
  }
  return cut
}
