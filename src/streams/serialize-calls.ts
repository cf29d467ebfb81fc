import { Observable, defer } from 'rxjs'
import { JarcastError } from '../errors.ts'

export interface SerializeOptions<Call> {
  /** How many calls may wait for their turn. Default 10_000. */
  readonly maxWaiting?: number
  /**
   * True for a call that is refused when too many wait. Default: every call. Other calls always
   * wait: their caller must limit their number.
   */
  readonly isRefusable?: (call: Call) => boolean
}

/**
 * Makes a function that performs calls one at a time, in the order of their subscriptions: like
 * `concatMap`, but the answer of each call goes to its own subscriber.
 *
 * The returned stream starts when it is subscribed. Next, error, complete: those of
 * `perform(call)`; the error of a call does not affect others. Error `CALL_QUEUE_FULL` (retryable)
 * if `maxWaiting` calls wait. Unsubscribing removes a waiting call from the queue and ends a
 * running one; the next call starts.
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
    // A call may end in the tick in which it began: a loop, since recursion could overflow the
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
  return new JarcastError('CALL_QUEUE_FULL', `${maxWaiting} calls already wait for the master`, {
    retryable: true,
    details: { maxWaiting },
  })
}
