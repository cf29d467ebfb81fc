/** Whose turn it is to get the next task: round and round, one after the other, or balanced over the values of a field. */
import type { Offer } from '../../../../mesos/types.generated.ts'
import type { Balance } from './compiled-constraints.ts'
import type { Tally } from '../../tasks/table/placement-counts.ts'

/** Places to fill. One that cannot take a task of some need can take none of them, and is dropped. */
export interface Turns<Room> {
  /** Whose turn it is; undefined when nobody may have a task now. */
  current(): Room | undefined
  /** The current one has no room, or not for such tasks. */
  drop(): void
  /** The current one got a task. */
  advance(): void
}

/** `spread` goes round and round; `pack` stays until there is no more room. */
export function createTurns<Room>(rooms: readonly Room[], policy: 'spread' | 'pack'): Turns<Room> {
  const open = [...rooms]
  let turn = 0
  return {
    current: () => open[turn],
    drop() {
      open.splice(turn, 1)
      if (turn >= open.length) turn = 0
    },
    advance() {
      if (policy === 'spread') turn = (turn + 1) % open.length
    },
  }
}

/**
 * Only values with the fewest tasks get one. One step per value, and then one per task: values stand in lists by how
 * many tasks they have, and the number of tasks only grows while offers are matched.
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
  /** How many values have so many tasks. */
  const sizes = new Map<number, number>()
  for (const count of counts.values()) sizes.set(count, (sizes.get(count) ?? 0) + 1)
  /** Those of them that have rooms. */
  const lists = new Map<number, Turns<Room>[]>()
  for (const [value, own] of byValue) {
    append(lists, counts.get(value) ?? 0, createTurns(own, policy))
  }
  // While values are missing, those that are known must not get ahead of them.
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
