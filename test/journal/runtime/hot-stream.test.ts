import { take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { createHotStream } from '../../../src/journal/runtime/hot-stream.ts'

describe('createHotStream', () => {
  it('gives each value to those who are subscribed', () => {
    const stream = createHotStream<number>()
    const seen: string[] = []
    stream.next(0)
    expect(stream.isObserved()).toBe(false)
    stream.value$.subscribe((value) => seen.push(`a${value}`))
    stream.value$.pipe(take(1)).subscribe((value) => seen.push(`b${value}`))
    stream.next(1)
    stream.next(2)
    expect(seen).toEqual(['a1', 'b1', 'a2'])
    expect(stream.isObserved()).toBe(true)
  })

  it('gives no value to a subscriber that joins while it is published', () => {
    const stream = createHotStream<number>()
    const seen: number[] = []
    stream.value$
      .pipe(take(1))
      .subscribe(() => stream.value$.subscribe((value) => seen.push(value)))
    stream.next(1)
    stream.next(2)
    expect(seen).toEqual([2])
  })

  it('ends once, for late subscribers too', () => {
    const stream = createHotStream<number>()
    const seen: string[] = []
    const observer = {
      next: () => seen.push('next'),
      complete: () => seen.push('complete'),
      error: (cause: unknown) => seen.push(String(cause)),
    }
    stream.value$.subscribe(observer)
    stream.error('lost')
    stream.complete()
    stream.next(1)
    stream.value$.subscribe(observer)
    expect(seen).toEqual(['lost', 'lost'])
    expect(stream.isObserved()).toBe(false)
  })
})
