import { EMPTY, NEVER, Subject, of, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { fromAbortable } from '../../src/streams/from-abortable.ts'

describe('fromAbortable', () => {
  it('emits the result of the work', async () => {
    const seen: unknown[] = []
    await new Promise<void>((resolve) => {
      fromAbortable(() => Promise.resolve('done')).subscribe({
        next: (value) => seen.push(value),
        complete: resolve,
      })
    })
    expect(seen).toEqual(['done'])
  })

  it('starts nothing before it is subscribed to', () => {
    let starts = 0
    const work$ = fromAbortable(() => {
      starts += 1
      return EMPTY
    })
    expect(starts).toBe(0)
    work$.subscribe()
    work$.subscribe()
    expect(starts).toBe(2)
  })

  it('aborts the work when it is unsubscribed from', () => {
    let signal: AbortSignal | undefined
    const subscription = fromAbortable((given) => {
      signal = given
      return NEVER
    }).subscribe()
    expect(signal?.aborted).toBe(false)
    subscription.unsubscribe()
    expect(signal?.aborted).toBe(true)
  })

  it('aborts the work that emits synchronously at an early unsubscribe', () => {
    const source$ = new Subject<number>()
    let signal: AbortSignal | undefined
    const subscription = fromAbortable((given) => {
      signal = given
      return source$
    }).subscribe(() => subscription.unsubscribe())
    source$.next(1)
    expect(signal?.aborted).toBe(true)
    expect(source$.observed).toBe(false)
  })

  it('passes errors and completion', () => {
    const seen: unknown[] = []
    const observer = {
      next: (value: unknown) => seen.push(value),
      error: (error: unknown) => seen.push(error),
      complete: () => seen.push('complete'),
    }
    fromAbortable(() => throwError(() => 'broken')).subscribe(observer)
    fromAbortable(() => of(1, 2)).subscribe(observer)
    expect(seen).toEqual(['broken', 1, 2, 'complete'])
  })

  it('ignores what rejects after it was unsubscribed from', async () => {
    const seen: unknown[] = []
    let fail: (error: Error) => void = () => undefined
    const late = new Promise<never>((_resolve, reject) => (fail = reject))
    const subscription = fromAbortable(() => late).subscribe({
      error: (error: unknown) => seen.push(error),
    })
    subscription.unsubscribe()
    fail(new Error('aborted'))
    await Promise.allSettled([late])
    expect(seen).toEqual([])
  })
})
