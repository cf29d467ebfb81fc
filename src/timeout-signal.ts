/**
 * Aborts with a `TimeoutError` after `ms` milliseconds; does not keep the process alive.
 * Use it instead of `AbortSignal.timeout`: if only `AbortSignal.any` refers to such a signal, Node
 * collects it as garbage, and the limit never takes effect (nodejs/node#54614).
 */
export function timeoutSignal(ms: number): AbortSignal {
  const controller = new AbortController()
  const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError')
  setTimeout(() => controller.abort(reason), ms).unref()
  return controller.signal
}
