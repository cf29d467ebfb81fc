import type { JarcastError } from '../../errors.ts'

export type Outcome = JarcastError | 'accepted'

/** A call on its way to its answer. */
export interface CallJob<Call> {
  readonly call: Call
  readonly resolve: () => void
  readonly reject: (error: JarcastError) => void
  failures: number
  /** Of the last attempt; undefined before its end. */
  outcome: Outcome | undefined
}

/** Tells the caller. */
export function settle<Call>({ reject, resolve }: CallJob<Call>, outcome: Outcome): void {
  if (outcome === 'accepted') resolve()
  else reject(outcome)
}
