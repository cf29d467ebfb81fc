/** What is known of each need that waits: since when, and why. One need is one queue of tasks. */
import { getFrom, removeFrom, setIn, valuesOf } from '../../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../../domain/persistent-map.ts'
import type { WaitingReason } from '../../../../domain/tasks/waiting/waiting-reason.ts'
import { queuesOf, unitsOf } from '../../tasks/table/task-queues.ts'
import type { Queue, TaskTable } from '../../tasks/table/task-table.ts'

/** A need as the task table has it. */
export interface WaitingNeed {
  /** Order of its queue: no other need ever has it. */
  readonly order: number
  /** How long it may fit no agent, ms; absent for no limit. */
  readonly limitMs?: number
}

/** A need while it waits. */
export interface NeedWatch extends WaitingNeed {
  /**
   * `new`: not explained yet. `told`: explained. `moved`: some of its tasks were launched since the
   * last explanation, so it only waits for its turn.
   */
  readonly phase: 'new' | 'told' | 'moved'
  /** Why it fitted none of the latest offers; kept for needs with a limit. */
  readonly reason?: WaitingReason
}

export type NeedWatches = PersistentMap<NeedWatch>

/** The needs that wait, oldest first. */
export function needsOf(tasks: TaskTable): readonly WaitingNeed[] {
  return queuesOf(tasks).map((queue) => {
    const [[row] = []] = unitsOf(tasks, queue)
    const limitMs = row?.request.waitTimeoutMs
    return { order: queue.order, ...(limitMs === undefined ? {} : { limitMs }) }
  })
}

/** The needs that are still there, with those that are new, and the orders of the others. */
export function updateWatches(
  watches: NeedWatches,
  needs: readonly WaitingNeed[],
): {
  readonly watches: NeedWatches
  readonly added: readonly WaitingNeed[]
  readonly gone: readonly NeedWatch[]
} {
  const orders = new Set(needs.map(({ order }) => order))
  const gone = Array.from(valuesOf(watches)).filter(({ order }) => !orders.has(order))
  const added = needs.filter(({ order }) => getFrom(watches, String(order)) === undefined)
  const kept = gone.reduce((map, { order }) => removeFrom(map, String(order)), watches)
  const next = added.reduce<NeedWatches>(
    (map, need) => setIn(map, String(need.order), { ...need, phase: 'new' }),
    kept,
  )
  return { watches: next, added, gone }
}

/** The queues of which the round launched the oldest task, and those of which it launched none. */
export function sortQueues(
  tasks: TaskTable,
  launchedIds: ReadonlySet<string>,
): { readonly moved: readonly Queue[]; readonly stuck: readonly Queue[] } {
  const moved: Queue[] = []
  const stuck: Queue[] = []
  for (const queue of queuesOf(tasks)) {
    // The tasks of a queue are launched in their order.
    const [[oldest] = []] = unitsOf(tasks, queue)
    const isMoved = oldest !== undefined && launchedIds.has(oldest.request.id)
    if (isMoved) moved.push(queue)
    else stuck.push(queue)
  }
  return { moved, stuck }
}
