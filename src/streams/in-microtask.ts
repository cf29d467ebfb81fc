import { Observable } from 'rxjs'
import type { MonoTypeOperatorFunction } from 'rxjs'

/**
 * Emits each value in its own microtask: readers run after the code that caused the value, and
 * before the next turn of the event loop. Next, error and complete: those of the source, in order.
 */
export function inMicrotask<T>(): MonoTypeOperatorFunction<T> {
  return (source) =>
    new Observable((subscriber) =>
      source.subscribe({
        next: (value) => queueMicrotask(() => subscriber.next(value)),
        error: (error: unknown) => queueMicrotask(() => subscriber.error(error)),
        complete: () => queueMicrotask(() => subscriber.complete()),
      }),
    )
}
