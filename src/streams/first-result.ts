import { defer, firstValueFrom, ignoreElements, merge } from 'rxjs'
import type { Observable, ObservableInput } from 'rxjs'

/**
 * Subscribes to `result$`, then to `ask`, and resolves with the first result. Rejects with the
 * first error of either; ends both then.
 */
export function firstResult<T>(
  result$: Observable<T>,
  ask: () => ObservableInput<unknown>,
): Promise<T> {
  return firstValueFrom(merge(result$, defer(ask).pipe(ignoreElements())))
}
