import { Observable, defer } from 'rxjs'
import { JarcastError } from '../errors.ts'

export interface SerializeOptions<Call> {
  /** How many calls may wait for their turn. Default 10_000. */
  readonly maxWaiting?: number
  /**
   * True for a call that may be refused when too many wait. Default: every call. One that may not
   * be waits however many do: whoever makes such calls bounds them.
   */
  readonly isRefusable?: (call: Call) => boolean
}

/**
 * Makes a function that performs calls one at a time, in the order of their subscribes: what
 * `concatMap` is to values, with the answer of each call going to its own subscriber.
 *
 * The returned stream does nothing until it is subscribed. Next, error, complete: those of
 * `perform(call)`; one call's error leaves the others alone. Error `CALL_QUEUE_FULL` (retryable)
 * when `maxWaiting` calls wait already. Unsubscribing takes a waiting call out of the queue and
 * ends one in progress; either way the next gets its turn.
 */
export function serializeCalls<Call, Answer>(
  perform: (call: Call) => Observable<Answer>,
  options: SerializeOptions<Call> = {},
): (call: Call) => Observable<Answer> {
  const { maxWaiting = 10_000, isRefusable = () => true } = options
  // A set keeps the order of insertion and drops a cancelled turn without a search.
  const waiting = new Set<() => void>()
  let isBusy = false
  let isDraining = false

  const drain = () => {
    // A call that ends in the tick it began comes back here: a loop, where recursion would end the
    // stack.
    if (isDraining) return
    isDraining = true
    for (const turn of waiting) {
      if (isBusy) break
      waiting.delete(turn)
      isBusy = true
      turn()
    }
    isDraining = false
  }

  return (call) =>
    new Observable((subscriber) => {
      if (waiting.size >= maxWaiting && isRefusable(call)) {
        subscriber.error(queueFull(maxWaiting))
        return
      }
      const turn = () => {
        subscriber.add(() => {
          isBusy = false
          drain()
        })
        defer(() => perform(call)).subscribe(subscriber)
      }
      subscriber.add(() => waiting.delete(turn))
      waiting.add(turn)
      drain()
    })
}

function queueFull(maxWaiting: number): JarcastError {
  return new JarcastError('CALL_QUEUE_FULL', `${maxWaiting} calls wait for the master already`, {
    retryable: true,
    details: { maxWaiting },
  })
}
