/** The streams of a framework as an eventemitter3. */
import { EventEmitter } from 'eventemitter3'
import { merge } from 'rxjs'
import type { Observable } from 'rxjs'
import type { FrameworkEvent, FrameworkEvents, FrameworkFact, FrameworkProgress } from './events.ts'

export function createEmitter(
  fact$: Observable<FrameworkFact>,
  progress$: Observable<FrameworkProgress>,
): EventEmitter<FrameworkEvents> {
  const emitter = new EventEmitter<FrameworkEvents>()
  merge(fact$, progress$).subscribe((event) => emit(emitter, event))
  return emitter
}

function emit(emitter: EventEmitter<FrameworkEvents>, event: FrameworkEvent): void {
  emitter.emit(event.type, event as never)
}
