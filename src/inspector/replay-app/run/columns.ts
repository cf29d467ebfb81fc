/** Numbers by `seq`, and lists of words that are kept once. */

type Numbers = Float64Array | Uint8Array | Uint32Array

export interface Column {
  /** `seq` of the first number, and that of the next one. */
  readonly first: number
  readonly next: number
  push(value: number): void
  get(seq: number): number
  set(seq: number, value: number): void
  forgetBefore(seq: number): void
}

/** Creates an empty column that begins with `seq`. It grows; what is forgotten is given back. */
export function createColumn(seq: number, Kind: new (length: number) => Numbers): Column {
  let numbers = new Kind(1024)
  let start = seq
  let first = seq
  let next = seq

  /** Makes room for one more: for twice as many as there are. */
  function makeRoom(): void {
    const moved = new Kind(Math.max(1024, 2 * (next - first)))
    moved.set(numbers.subarray(first - start, next - start) as never)
    numbers = moved
    start = first
  }

  return {
    get first() {
      return first
    },
    get next() {
      return next
    },
    push(value) {
      if (next - start === numbers.length) makeRoom()
      numbers[next - start] = value
      next += 1
    },
    get: (of) => (of < first || of >= next ? 0 : (numbers[of - start] ?? 0)),
    set(of, value) {
      if (of >= first && of < next) numbers[of - start] = value
    },
    forgetBefore(of) {
      first = Math.max(first, Math.min(of, next))
    },
  }
}

export interface Words {
  /** 0 for the empty list, and for new ones once there are too many. */
  idOf(words: readonly string[]): number
  at(id: number): readonly string[]
}

/** More different lists than a machine has; a hostile one can have any number. */
const maxLists = 20_000
const maxWords = 16

export function createWords(): Words {
  const lists: (readonly string[])[] = [[]]
  const ids = new Map<string, number>([['', 0]])
  return {
    idOf(words) {
      if (words.length === 0) return 0
      const list = words.slice(0, maxWords)
      const key = list.join('\n')
      const known = ids.get(key)
      if (known !== undefined || lists.length >= maxLists) return known ?? 0
      ids.set(key, lists.length)
      lists.push(list)
      return lists.length - 1
    },
    at: (id) => lists[id] ?? [],
  }
}
