import { describe, expect, it } from 'vitest'
import { mayRepeat } from '../../../src/client/calls/call-retry-policy.ts'
import { JarcastError } from '../../../src/errors.ts'
import type { ErrorCode, JarcastErrorOptions } from '../../../src/errors.ts'

function failed(
  details: NonNullable<JarcastErrorOptions['details']>,
  { code = 'MASTER_UNREACHABLE' as ErrorCode, retryable = true } = {},
): JarcastError {
  return new JarcastError(code, 'refused', { retryable, details })
}

describe('mayRepeat', () => {
  it('lets a call that was not taken be sent again', () => {
    expect(mayRepeat(failed({ maybeTaken: false }), false)).toBe(true)
  })

  it('lets a call that may have been taken be sent again only if it is repeatable', () => {
    expect(mayRepeat(failed({ maybeTaken: true }), false)).toBe(false)
    expect(mayRepeat(failed({ maybeTaken: true }), true)).toBe(true)
  })

  it('lets no call be sent again without its subscription, or after a final answer', () => {
    const notTaken = { maybeTaken: false }
    expect(mayRepeat(failed({ ...notTaken, verdict: 'resubscribe' }), true)).toBe(false)
    expect(mayRepeat(failed(notTaken, { code: 'NOT_SUBSCRIBED' }), true)).toBe(false)
    expect(mayRepeat(failed(notTaken, { retryable: false }), true)).toBe(false)
  })
})
