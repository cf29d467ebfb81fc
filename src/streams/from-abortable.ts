import { Observable, from } from 'rxjs'
import type { ObservableInput } from 'rxjs'

/**
 * Starts work that an `AbortSignal` ends, such as an HTTP request, once it is subscribed to.
 *
 * Next, error and complete: those of the work. Unsubscribing aborts the signal.
 */
export function fromAbortable<T>(
  start: (signal: AbortSignal) => ObservableInput<T>,
): Observable<T> {
  return new Observable((subscriber) => {
    const controller = new AbortController()
    subscriber.add(() => controller.abort())
    from(start(controller.signal)).subscribe(subscriber)
  })
}
