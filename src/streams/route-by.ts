import { Observable } from 'rxjs'
import type { Subscriber } from 'rxjs'

/**
 * Splits a hot stream by key: `routeBy(fact$, taskIdOf)('t1')` emits the facts of task t1. A value
 * costs the same for any number of subscribers to other keys, where a `filter` per subscriber costs
 * a call for each. Values without a key, or with one that has no subscriber, are dropped; nothing
 * is buffered. Subscribes to the source at once, and ends with it.
 *
 * Next: values with the key. Complete and error: as the source, also for late subscribers.
 */
export function routeBy<T>(
  source$: Observable<T>,
  keyOf: (value: T) => string | undefined,
): (key: string) => Observable<T> {
  const routes = new Map<string, Set<Subscriber<T>>>()
  let isOver = false

  function end(finish: (subscriber: Subscriber<T>) => void): void {
    isOver = true
    const open = [...routes.values()].flatMap((subscribers) => [...subscribers])
    routes.clear()
    for (const subscriber of open) finish(subscriber)
  }

  function add(key: string, subscriber: Subscriber<T>): void {
    const subscribers = routes.get(key) ?? new Set()
    routes.set(key, subscribers.add(subscriber))
    subscriber.add(() => {
      subscribers.delete(subscriber)
      if (subscribers.size === 0 && routes.get(key) === subscribers) routes.delete(key)
    })
  }

  source$.subscribe({
    next(value) {
      const key = keyOf(value)
      const subscribers = key === undefined ? undefined : routes.get(key)
      if (subscribers === undefined) return
      // A copy: subscribers come and go while they are called.
      const called = [...subscribers]
      for (const subscriber of called) subscriber.next(value)
    },
    error: (error: unknown) => end((subscriber) => subscriber.error(error)),
    complete: () => end((subscriber) => subscriber.complete()),
  })

  return (key) =>
    new Observable((subscriber) => (isOver ? source$.subscribe(subscriber) : add(key, subscriber)))
}
