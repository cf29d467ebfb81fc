/** The streams of a framework as an eventemitter3. */
import { EventEmitter } from 'eventemitter3'
import { filter, merge } from 'rxjs'
import type { Observable } from 'rxjs'
import type { FrameworkEvent, FrameworkEvents, FrameworkFact, FrameworkProgress } from './events.ts'

/** Facts `task.waiting` come with every round of offers; listeners get one in this time. */
const waitingEveryMs = 10_000

export function createEmitter(
  fact$: Observable<FrameworkFact>,
  progress$: Observable<FrameworkProgress>,
): EventEmitter<FrameworkEvents> {
  const emitter = new EventEmitter<FrameworkEvents>()
  merge(fact$.pipe(filter(seldomWaiting())), progress$).subscribe((event) => emit(emitter, event))
  return emitter
}

function emit(emitter: EventEmitter<FrameworkEvents>, event: FrameworkEvent): void {
  emitter.emit(event.type, event as never)
}

function seldomWaiting(): (fact: FrameworkFact) => boolean {
  let lastAt = Number.NEGATIVE_INFINITY
  return ({ type, at }) => {
    if (type !== 'task.waiting') return true
    if (at - lastAt < waitingEveryMs) return false
    lastAt = at
    return true
  }
}
