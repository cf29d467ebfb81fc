import { describe, expect, it } from 'vitest'
import { noteFailure } from '../../../src/client/calls/call-job.ts'
import type { CallJob } from '../../../src/client/calls/call-job.ts'
import { JarcastError } from '../../../src/errors.ts'

/** A call after some attempts. */
function jobWith(maybeTaken: boolean): CallJob<string> {
  const [resolve, reject] = [() => undefined, () => undefined]
  return { call: 'ACCEPT', resolve, reject, failures: 1, maybeTaken, outcome: undefined }
}

describe('noteFailure', () => {
  it.each([
    { before: false, retryable: true, now: false, after: false },
    { before: false, retryable: true, now: true, after: true },
    { before: true, retryable: true, now: false, after: true },
    // A final refusal holds for the earlier attempt, too: the call was the same.
    { before: true, retryable: false, now: false, after: false },
  ])('keeps in the error that a call may have been taken: %j', (row) => {
    const job = jobWith(row.before)
    const details = { status: 503, maybeTaken: row.now }
    const error = new JarcastError('MASTER_UNREACHABLE', 'no', {
      retryable: row.retryable,
      details,
    })
    expect(noteFailure(job, error)).toMatchObject({
      code: 'MASTER_UNREACHABLE',
      message: 'no',
      retryable: row.retryable,
      details: { status: 503, maybeTaken: row.after },
    })
    expect(job.failures).toBe(2)
  })
})
