import type { JarcastError } from '../../errors.ts'

/** True if a failed call may be sent again. `isRepeatable`: it has no further effect then. */
export function mayRepeat(
  { code, details, retryable }: JarcastError,
  isRepeatable: boolean,
): boolean {
  // Sending again does not restore a lost subscription.
  if (!retryable || details['verdict'] === 'resubscribe' || code === 'NOT_SUBSCRIBED') return false
  return isRepeatable || details['maybeTaken'] === false
}
