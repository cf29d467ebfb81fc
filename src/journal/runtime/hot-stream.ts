/** A stream that one owner publishes on, for all subscribers. */
import { Observable } from 'rxjs'
import type { Subscriber } from 'rxjs'

export interface HotStream<T> {
  readonly value$: Observable<T>
  isObserved(): boolean
  next(value: T): void
  complete(): void
  error(cause: unknown): void
}

/**
 * Like RxJS' `Subject`, at a lower cost: `Subject.next` allocates about ten objects per
 * value, which every entry of a run would pay. Late subscribers get complete or error at once.
 */
export function createHotStream<T>(): HotStream<T> {
  let subscribers: readonly Subscriber<T>[] = []
  let end: ((subscriber: Subscriber<T>) => void) | undefined

  function finish(how: (subscriber: Subscriber<T>) => void): void {
    if (end !== undefined) return
    end = how
    const last = subscribers
    subscribers = []
    last.forEach(how)
  }

  return {
    value$: new Observable((subscriber) => {
      if (end !== undefined) return end(subscriber)
      subscribers = [...subscribers, subscriber]
      return () => {
        subscribers = subscribers.filter((other) => other !== subscriber)
      }
    }),
    isObserved: () => subscribers.length > 0,
    next(value) {
      // The list as it is now: a subscriber may add or remove others.
      const current = subscribers
      for (let index = 0; index < current.length; index++) current[index]?.next(value)
    },
    complete: () => finish((subscriber) => subscriber.complete()),
    error: (cause) => finish((subscriber) => subscriber.error(cause)),
  }
}
