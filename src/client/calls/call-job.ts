import { JarcastError } from '../../errors.ts'

export type Outcome = JarcastError | 'accepted'

/** A call on its way to its answer. */
export interface CallJob<Call> {
  readonly call: Call
  readonly resolve: () => void
  readonly reject: (error: JarcastError) => void
  failures: number
  /** True if an attempt may have been taken. */
  maybeTaken: boolean
  /** Of the last attempt; undefined before its end. */
  outcome: Outcome | undefined
}

/** Tells the caller. */
export function settle<Call>({ reject, resolve }: CallJob<Call>, outcome: Outcome): void {
  if (outcome === 'accepted') resolve()
  else reject(outcome)
}

/**
 * Counts a failed attempt, and returns its error. It tells the caller that the call may have been
 * taken, if an earlier attempt may have been; but a final refusal holds for all attempts.
 */
export function noteFailure<Call>(job: CallJob<Call>, error: JarcastError): JarcastError {
  const { cause, code, details, message, retryable } = error
  job.failures += 1
  job.maybeTaken ||= details['maybeTaken'] === true
  if (!retryable || !job.maybeTaken) return error
  return new JarcastError(code, message, {
    cause,
    retryable,
    details: { ...details, maybeTaken: true },
  })
}
