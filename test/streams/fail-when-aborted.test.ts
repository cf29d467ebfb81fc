import { describe, expect, it } from 'vitest'
import { failWhenAborted } from '../../src/streams/fail-when-aborted.ts'

function collect(signal: AbortSignal) {
  const errors: unknown[] = []
  const subscription = failWhenAborted(signal).subscribe({ error: (error) => errors.push(error) })
  return { errors, subscription }
}

describe('failWhenAborted', () => {
  it('fails at once for a signal that was aborted before', () => {
    expect(collect(AbortSignal.abort('over')).errors).toEqual(['over'])
  })

  it('fails with the reason when the signal aborts', () => {
    const abort = new AbortController()
    const { errors } = collect(abort.signal)
    expect(errors).toEqual([])
    abort.abort('late')
    expect(errors).toEqual(['late'])
  })

  it('ignores the signal after an early unsubscribe', () => {
    const abort = new AbortController()
    const { errors, subscription } = collect(abort.signal)
    subscription.unsubscribe()
    abort.abort('late')
    expect(errors).toEqual([])
  })
})
