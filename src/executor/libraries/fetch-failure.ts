/** Describes an error of a fetch for the downloader machine. */
import { defined } from '../../defined.ts'
import { JarcastError, messageOf } from '../../errors.ts'
import { toFileError } from '../../file-error.ts'
import type { FetchFailure } from '../../machines/downloader/events.ts'
import { backOffMs } from '../../retry-policy.ts'
import type { BackOffOptions } from '../../retry-policy.ts'

/**
 * Describes the error of an attempt. The delay before the next one is the back-off, after the time
 * that the server asked for. Unknown errors are retryable `LIBRARY_UNAVAILABLE`.
 */
export function describeFailure(
  error: unknown,
  attempt: number,
  backOff: BackOffOptions,
): FetchFailure {
  // A full disk or missing descriptors may be temporary.
  const described = toFileError(error, 'libraries of this executor', true)
  const known = described instanceof JarcastError ? described : undefined
  const { actual, place, retryAfterMs } = known?.details ?? {}
  return {
    code: known?.code ?? 'LIBRARY_UNAVAILABLE',
    message: messageOf(described),
    retryable: known?.retryable ?? true,
    retryDelayMs: Number(retryAfterMs ?? 0) + backOffMs(attempt, backOff),
    ...defined({
      actual: typeof actual === 'string' ? actual : undefined,
      place: typeof place === 'number' ? place : undefined,
    }),
  }
}
