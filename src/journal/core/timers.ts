/** The delayed events of an actor system, and how to set them again after a restart. */
import type { AnyActorRef, EventObject } from 'xstate'
import { findActor } from './actor-tree.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** A delayed event that was not sent yet. XState's snapshots do not contain them. */
export interface TimerState {
  readonly id: string
  /** Ids of the actors that send and receive it. */
  readonly source: string
  readonly target: string
  readonly event: EventObject
  readonly due: number
}

/** A timer. Two timers with the same id are different objects. */
export interface ScheduledEvent {
  readonly source: AnyActorRef
  readonly target: AnyActorRef
  readonly event: EventObject
  readonly id: string
  readonly due: number
  /** `seq` of the entry that set it; undefined if it was set before a restored state. */
  readonly setBy: number | undefined
}

export interface Timers {
  /** The timers that are set. Never changed in place. */
  readonly scheduled: readonly ScheduledEvent[]
  /** In the order in which they fire. */
  describe(timers: readonly ScheduledEvent[]): readonly TimerState[]
  restore(timer: TimerState, setBy?: number): void
  /** The timer that was set last. */
  readonly latest: ScheduledEvent | undefined
  /** Removes a timer that fires now. */
  fired(timer: ScheduledEvent): void
}

/**
 * Follows the timers of an actor system from its start. XState copies its own list for each read,
 * and this list is read with every event.
 */
export function followTimers(
  root: AnyActorRef,
  { now }: Pick<VirtualClock, 'now'>,
  currentSeq: () => number,
): Timers {
  const { scheduler } = root.system
  const { cancel, cancelAll, schedule } = scheduler
  let scheduled: readonly ScheduledEvent[] = []
  let latest: ScheduledEvent | undefined
  let restored: { readonly setBy: number | undefined } | undefined
  const keep = (isKept: (timer: ScheduledEvent) => boolean) => {
    if (scheduled.length > 0) scheduled = scheduled.filter(isKept)
  }

  /** An id for a timer without one: XState's would be random. */
  function freeId(source: AnyActorRef): string {
    const taken = new Set(scheduled.filter((timer) => timer.source === source).map(({ id }) => id))
    let count = 1
    while (taken.has(`unnamed-${count}`)) count += 1
    return `unnamed-${count}`
  }

  scheduler.schedule = (source, target, event, delay, id = freeId(source)) => {
    const { setBy } = restored ?? { setBy: currentSeq() }
    latest = { source, target, event, id, due: now() + delay, setBy }
    scheduled = [...scheduled, latest]
    schedule.call(scheduler, source, target, event, delay, id)
  }
  scheduler.cancel = (source, id) => {
    keep((timer) => timer.source !== source || timer.id !== id)
    cancel.call(scheduler, source, id)
  }
  scheduler.cancelAll = (actor) => {
    keep(({ source }) => source !== actor)
    cancelAll.call(scheduler, actor)
  }

  return {
    get scheduled() {
      return scheduled
    },
    describe: (timers) =>
      inDueOrder(timers).map(({ id, source, target, event, due }) => {
        return { id, source: source.id, target: target.id, event, due }
      }),
    restore({ id, source, target, event, due }, setBy) {
      const from = findActor(root, source)
      const to = findActor(root, target)
      if (from === undefined || to === undefined) return
      restored = { setBy }
      scheduler.schedule(from, to, event, due - now(), id)
      restored = undefined
    },
    get latest() {
      return latest
    },
    fired(timer) {
      keep((other) => other !== timer)
    },
  }
}

/** Timers in the order in which they fire. */
export function inDueOrder<T extends Pick<ScheduledEvent, 'due'>>(
  timers: readonly T[],
): readonly T[] {
  return timers.toSorted((one, other) => one.due - other.due)
}
