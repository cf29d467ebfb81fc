/**
 * The order in which offers get tasks: in turn, one after the other, or balanced over the values of
 * a field.
 */
import type { Offer } from '../../../../mesos/types.generated.ts'
import type { Balance, Tally } from './compiled-constraints.ts'

/** Offers to fill. The needs are equal: an offer that cannot take one task is dropped. */
export interface Turns<Room> {
  /** The next offer; undefined if none may have a task now. */
  current(): Room | undefined
  /** Drops the current offer: it has no room for such tasks. */
  drop(): void
  /** Notes that the current offer got a task. */
  advance(): void
}

/**
 * `spread` takes offers in turn; `pack` stays with an offer until it is full. Offers are linked in
 * a ring: to drop one costs the same however many there are.
 */
export function createTurns<Room>(rooms: readonly Room[], policy: 'spread' | 'pack'): Turns<Room> {
  const next = rooms.map((_, index) => (index + 1) % rooms.length)
  let turn = 0
  let before = rooms.length - 1
  let left = rooms.length
  return {
    current: () => (left === 0 ? undefined : rooms[turn]),
    drop() {
      left -= 1
      turn = next[turn] ?? 0
      next[before] = turn
    },
    advance() {
      if (policy === 'pack') return
      before = turn
      turn = next[turn] ?? 0
    },
  }
}

/**
 * Only values with the fewest tasks get one. Values are kept in lists by number of tasks, so the
 * cost is one step per value and one per task.
 */
export function createBalancedTurns<Room extends { readonly offer: Offer }>(
  rooms: readonly Room[],
  policy: 'spread' | 'pack',
  { valueOf, expected }: Balance,
  tally: Tally,
): Turns<Room> {
  const counts = new Map<string, number>(tally.entries())
  const byValue = new Map<string, Room[]>()
  for (const room of rooms) {
    const value = valueOf(room.offer)
    if (!counts.has(value)) counts.set(value, 0)
    append(byValue, value, room)
  }
  /** Number of values with each number of tasks. */
  const sizes = new Map<number, number>()
  for (const count of counts.values()) sizes.set(count, (sizes.get(count) ?? 0) + 1)
  /** Values that have offers, by number of tasks. */
  const lists = new Map<number, Turns<Room>[]>()
  for (const [value, own] of byValue) {
    append(lists, counts.get(value) ?? 0, createTurns(own, policy))
  }
  // While expected values are missing, known ones must not get a second task.
  const isShort = counts.size < expected
  let floor = isShort ? 0 : Math.min(...new Set(counts.values()))

  function first(): Turns<Room> | undefined {
    const list = lists.get(floor) ?? []
    while (list[0] !== undefined && list[0].current() === undefined) list.shift()
    return list[0]
  }

  return {
    current: () => first()?.current(),
    drop: () => first()?.drop(),
    advance() {
      const turns = first()
      if (turns === undefined) return
      turns.advance()
      lists.get(floor)?.shift()
      append(lists, floor + 1, turns)
      sizes.set(floor, (sizes.get(floor) ?? 0) - 1)
      sizes.set(floor + 1, (sizes.get(floor + 1) ?? 0) + 1)
      if (!isShort && sizes.get(floor) === 0) floor += 1
    },
  }
}

function append<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}
