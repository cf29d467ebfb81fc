import { Observable, defer } from 'rxjs'
import type { ObservableInput, OperatorFunction } from 'rxjs'

/**
 * Maps one value at a time: while it is worked on, only the latest of those that come meanwhile waits.
 *
 * For work that looks at the state of something whenever that has changed: no change goes unseen, and a storm of
 * changes costs two looks. Next: those of `project(value)`. Error: of the source or a projection, at once.
 * Complete: when the source has, and the work is done.
 */
export function exhaustLatest<T, R>(
  project: (value: T) => ObservableInput<R>,
): OperatorFunction<T, R> {
  return (source) =>
    new Observable((subscriber) => {
      let waiting: { readonly value: T } | undefined
      let isBusy = false
      let isComplete = false
      let isLooping = false

      const finish = () => {
        isBusy = false
        work()
      }
      const begin = (value: T) => {
        isBusy = true
        const result$ = defer(() => project(value))
        subscriber.add(
          result$.subscribe({
            next: (result) => subscriber.next(result),
            error: (error: unknown) => subscriber.error(error),
            complete: finish,
          }),
        )
      }
      const takeNext = () => {
        const next = isBusy ? undefined : waiting
        if (next !== undefined) waiting = undefined
        return next
      }
      const work = () => {
        // Work that is done in the tick it began comes back here: a loop, where recursion would end the stack.
        if (isLooping) return
        isLooping = true
        for (let next = takeNext(); next !== undefined; next = takeNext()) begin(next.value)
        isLooping = false
        if (isComplete && !isBusy) subscriber.complete()
      }

      subscriber.add(
        source.subscribe({
          next: (value) => {
            waiting = { value }
            work()
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            isComplete = true
            work()
          },
        }),
      )
    })
}
