/** The abort of a signal as an error of a stream. */
import { fromEvent, mergeMap, throwError } from 'rxjs'
import type { Observable } from 'rxjs'

/** Error: the reason of the signal. Next and complete: never. */
export function failWhenAborted(signal: AbortSignal): Observable<never> {
  if (signal.aborted) return throwError(() => signal.reason)
  return fromEvent(signal, 'abort').pipe(mergeMap(() => throwError(() => signal.reason)))
}
