import { Observable, defer } from 'rxjs'
import type { ObservableInput, OperatorFunction } from 'rxjs'
import { JarcastError } from '../errors.ts'

export interface BoundedOptions<T> {
  /** Largest number of values that wait while one is projected. */
  readonly limit: number
  /** At one value more, the stream fails, or the first value of the queue is dropped. */
  readonly overflow: 'error' | 'dropOldest'
  /** Called with each dropped value. */
  readonly onDrop?: (value: T) => void
}

/**
 * `concatMap` with a bound on its queue: for slow readers of a stream that cannot be paused.
 *
 * Next: those of `project(value)`, one value at a time, in order. Error: of the source or a
 * projection, at once; STREAM_OVERFLOW. Complete: after the source, when the last projection has.
 */
export function concatMapBounded<T, R>(
  project: (value: T) => ObservableInput<R>,
  { limit, overflow, onDrop }: BoundedOptions<T>,
): OperatorFunction<T, R> {
  return (source) =>
    new Observable((subscriber) => {
      const waiting: { readonly value: T }[] = []
      let isBusy = false
      let isComplete = false
      let isLooping = false
      const error = (cause: unknown) => subscriber.error(cause)

      function begin(value: T): void {
        isBusy = true
        const complete = () => {
          isBusy = false
          work()
        }
        const next = (result: R) => subscriber.next(result)
        subscriber.add(defer(() => project(value)).subscribe({ next, error, complete }))
      }

      function work(): void {
        // A projection may complete synchronously: a loop, since recursion could overflow the
        // stack.
        if (isLooping) return
        isLooping = true
        while (!isBusy && !subscriber.closed) {
          const first = waiting.shift()
          if (first === undefined) break
          begin(first.value)
        }
        isLooping = false
        if (isComplete && !isBusy) subscriber.complete()
      }

      function take(value: T): void {
        waiting.push({ value })
        work()
        if (waiting.length <= limit) return
        if (overflow === 'error') error(overflowed(limit))
        else
          for (const dropped of waiting.splice(0, waiting.length - limit)) onDrop?.(dropped.value)
      }

      const complete = () => {
        isComplete = true
        work()
      }
      subscriber.add(source.subscribe({ next: take, error, complete }))
    })
}

function overflowed(limit: number): JarcastError {
  const message =
    `more than ${limit} values wait for a reader of this stream: ` +
    'read faster, raise its limit, or drop values'
  return new JarcastError('STREAM_OVERFLOW', message, { details: { limit } })
}
