/**
 * Aborts with a `TimeoutError` after `ms` milliseconds; does not keep the process alive.
 * Use it in place of `AbortSignal.timeout`: Node collects a signal of that kind as garbage when only
 * `AbortSignal.any` refers to it, and the time limit then never ends (nodejs/node#54614).
 */
export function timeoutSignal(ms: number): AbortSignal {
  const controller = new AbortController()
  const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError')
  setTimeout(() => controller.abort(reason), ms).unref()
  return controller.signal
}
