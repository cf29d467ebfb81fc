/**
 * What an actor defers until it has moved: events to other actors, and facts. XState takes it from
 * an array by `shift`, which moves the whole rest of an array of more than 16,000 members: the ends
 * of 100,000 tasks at once took five seconds.
 */
import type { AnyActorRef } from 'xstate'

type Deferred = () => void

/** The members of its array that XState uses. */
interface Queue {
  push(deferred: Deferred): void
  /** Undefined when none is left. */
  shift(): Deferred | undefined
  length: number
}

/** Makes taking the first cost the same for any number. Call it before the actor is started. */
export function deferInQueue(actor: AnyActorRef): void {
  const holder = actor as unknown as { _deferred: Deferred[] | Queue }
  holder._deferred = createQueue(holder._deferred as Deferred[])
}

function createQueue(first: readonly Deferred[]): Queue {
  const items = [...first]
  let next = 0
  const clear = (): void => {
    items.length = 0
    next = 0
  }
  return {
    push: (deferred) => void items.push(deferred),
    shift() {
      const deferred = items[next++]
      // XState asks until there is none.
      if (deferred === undefined) clear()
      return deferred
    },
    get length() {
      return items.length - next
    },
    // XState sets only 0: what is left does not happen.
    set length(_: number) {
      clear()
    },
  }
}
