/** The delayed events of a system of actors: when each is due, and how to set one again after a restart. */
import type { AnyActorRef, EventObject } from 'xstate'
import { findActor } from './actor-tree.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** A delayed event that was not sent yet. XState keeps none of them in its snapshots. */
export interface TimerState {
  readonly id: string
  /** Ids of the actors that sends and that gets it. */
  readonly source: string
  readonly target: string
  readonly event: EventObject
  readonly due: number
}

/** As XState holds it; its identity tells one timer from the next of the same name. */
export interface ScheduledEvent {
  readonly source: AnyActorRef
  readonly target: AnyActorRef
  readonly event: EventObject
  readonly id: string
}

export interface Timers {
  /** Those that are set. */
  scheduled(): readonly ScheduledEvent[]
  /** In the order in which they fire. */
  describe(timers: readonly ScheduledEvent[]): readonly TimerState[]
  restore(timer: TimerState): void
  /** The one that was set last. */
  readonly latest: Pick<ScheduledEvent, 'source' | 'event'> | undefined
}

/** Follows the timers of an actor system from its start on. */
export function followTimers(root: AnyActorRef, clock: Pick<VirtualClock, 'now'>): Timers {
  const { system } = root
  const { now } = clock
  const dueOf = new WeakMap<object, number>()
  let latest: Timers['latest']
  const schedule = system.scheduler.schedule.bind(system.scheduler)
  const scheduled = () => Object.values(system.getSnapshot()._scheduledEvents) as ScheduledEvent[]

  system.scheduler.schedule = (source, target, event, delay, id) => {
    latest = { source, event }
    schedule(source, target, event, delay, id)
    const added = scheduled().findLast((timer) => timer.source === source && timer.event === event)
    if (added !== undefined) dueOf.set(added, now() + delay)
  }

  return {
    scheduled,
    describe: (timers) =>
      timers
        .map((timer) => ({
          id: timer.id,
          source: timer.source.id,
          target: timer.target.id,
          event: timer.event,
          due: dueOf.get(timer) ?? now(),
        }))
        .toSorted((one, other) => one.due - other.due),
    restore({ id, source, target, event, due }) {
      const from = findActor(root, source)
      const to = findActor(root, target)
      if (from !== undefined && to !== undefined)
        system.scheduler.schedule(from, to, event, due - now(), id)
    },
    get latest() {
      return latest
    },
  }
}
