import { defer, of, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { retryCall } from '../../src/client/call-retry-policy.ts'
import { defined } from '../../src/defined.ts'
import { JarcastError } from '../../src/errors.ts'
import type { ErrorCode } from '../../src/errors.ts'

interface Refused {
  readonly code?: ErrorCode
  readonly verdict?: string
  readonly maybeTaken?: boolean
  readonly isRepeatable?: boolean
  readonly over?: AbortSignal
}

/** Sends a call that is refused `times`; returns the number of attempts, or the last error. */
async function attemptsOf(times: number, refused: Refused = {}): Promise<number | JarcastError> {
  const { code = 'MASTER_UNREACHABLE', verdict, maybeTaken = false, isRepeatable = false } = refused
  let attempts = 0
  const call$ = defer(() => {
    attempts += 1
    const details = { maybeTaken, ...defined({ verdict }) }
    const error = new JarcastError(code, 'refused', { retryable: true, details })
    return attempts > times ? of(undefined) : throwError(() => error)
  })
  const { over = new AbortController().signal } = refused
  return await new Promise((resolve) => {
    call$.pipe(retryCall({ isRepeatable, over, firstMs: 1, capMs: 1 })).subscribe({
      error: resolve,
      complete: () => resolve(attempts),
    })
  })
}

describe('retryCall', () => {
  it('resends a call that was not taken', async () => {
    expect(await attemptsOf(2)).toBe(3)
  })

  it('gives up after five attempts', async () => {
    expect(await attemptsOf(4)).toBe(5)
    expect(await attemptsOf(5)).toMatchObject({ code: 'MASTER_UNREACHABLE' })
  })

  it('sends a call that may have been taken only if it is repeatable', async () => {
    expect(await attemptsOf(1, { maybeTaken: true })).toBeInstanceOf(JarcastError)
    expect(await attemptsOf(1, { maybeTaken: true, isRepeatable: true })).toBe(2)
  })

  it('does not resend a call without its subscription', async () => {
    expect(await attemptsOf(1, { verdict: 'resubscribe' })).toBeInstanceOf(JarcastError)
    expect(await attemptsOf(1, { code: 'NOT_SUBSCRIBED' })).toBeInstanceOf(JarcastError)
    expect(await attemptsOf(1, { over: AbortSignal.abort() })).toBeInstanceOf(JarcastError)
  })
})
