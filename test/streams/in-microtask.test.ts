import { Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { inMicrotask } from '../../src/streams/in-microtask.ts'

/** Notes what comes out, and when the code that put it in is done. */
function given() {
  const seen: unknown[] = []
  const source = new Subject<number>()
  const subscription = source.pipe(inMicrotask()).subscribe({
    next: (value) => seen.push(value),
    error: (error: unknown) => seen.push(error),
    complete: () => seen.push('complete'),
  })
  return { seen, source, subscription }
}

describe('inMicrotask', () => {
  it('emits after the code that caused the values, in their order', async () => {
    const { seen, source } = given()
    source.next(1)
    source.next(2)
    source.complete()
    seen.push('caused')
    await Promise.resolve()
    expect(seen).toEqual(['caused', 1, 2, 'complete'])
  })

  it('passes the error after the values', async () => {
    const { seen, source } = given()
    source.next(1)
    source.error('broken')
    await Promise.resolve()
    expect(seen).toEqual([1, 'broken'])
  })

  it('emits nothing after unsubscription', async () => {
    const { seen, source, subscription } = given()
    source.next(1)
    subscription.unsubscribe()
    await Promise.resolve()
    expect(seen).toEqual([])
  })
})
