/** Index of the last element whose seq is not above `seq`; -1 if there is none. */
export function lastAtOrBefore(list: readonly { readonly seq: number }[], seq: number): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle]?.seq ?? Infinity) <= seq) low = middle + 1
    else high = middle
  }
  return low - 1
}
