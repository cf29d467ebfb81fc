import { of, range, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { JarcastError } from '../../src/errors.ts'
import { concatMapBounded } from '../../src/streams/concat-map-bounded.ts'
import type { BoundedOptions } from '../../src/streams/concat-map-bounded.ts'
import { runMarbles } from './run-marbles.ts'

const lossless = { limit: 2, overflow: 'error' } as const
const lossy = { limit: 2, overflow: 'dropOldest' } as const

describe('concatMapBounded', () => {
  it('projects one value at a time, in order', () => {
    runMarbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source$ = hot('  -abc---------|')
      const work$ = cold('    ---x|')
      const expected = '     ----x---x---x|'
      const subscriptions = ['-^---!', '-----^---!', '---------^---!']
      expectObservable(source$.pipe(concatMapBounded(() => work$, lossless))).toBe(expected)
      expectSubscriptions(work$.subscriptions).toBe(subscriptions)
    })
  })

  it('fails with STREAM_OVERFLOW when one value too many waits', () => {
    runMarbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source$ = hot('  -abcd-----|')
      const work$ = cold('    -----x|')
      const message =
        'more than 2 values wait for a reader of this stream: read faster, raise its limit, or drop values'
      const error = new JarcastError('STREAM_OVERFLOW', message, { details: { limit: 2 } })
      const result$ = source$.pipe(concatMapBounded(() => work$, lossless))
      expectObservable(result$).toBe('----#', undefined, error)
      expectSubscriptions(source$.subscriptions).toBe('^---!')
      expectSubscriptions(work$.subscriptions).toBe('-^--!')
    })
  })

  it('drops the oldest waiting values, and reports them', () => {
    runMarbles(({ hot, cold, expectObservable, flush }) => {
      const source$ = hot('  -abcdef----------|')
      const dropped: string[] = []
      const options: BoundedOptions<string> = { ...lossy, onDrop: (value) => dropped.push(value) }
      const projected$ = source$.pipe(
        concatMapBounded((value) => cold('-----x|', { x: value }), options),
      )
      const expected = '     ------a-----e-----f|'
      expectObservable(projected$).toBe(expected)
      flush()
      expect(dropped).toEqual(['b', 'c', 'd'])
    })
  })

  it('completes after the source, when the last projection has', () => {
    runMarbles(({ cold, expectObservable }) => {
      const work = () => cold('--x|')
      expectObservable(cold('|').pipe(concatMapBounded(work, lossless))).toBe('|')
      expectObservable(cold('-').pipe(concatMapBounded(work, lossless))).toBe('-')
      expectObservable(cold('ab|').pipe(concatMapBounded(work, lossless))).toBe('--x--x|')
    })
  })

  it('passes errors of the source, of a projection and of its making', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const work$ = cold('   --x|')
      expectObservable(cold('a#').pipe(concatMapBounded(() => work$, lossless))).toBe('-#')
      expectSubscriptions(work$.subscriptions).toBe('^!')
      const source$ = cold('a--')
      const failing = concatMapBounded(() => cold('-#'), lossless)
      expectObservable(source$.pipe(failing)).toBe('-#')
      expectSubscriptions(source$.subscriptions).toBe('^!')
      const broken = concatMapBounded<string, string>(() => {
        throw new Error('no')
      }, lossless)
      expectObservable(cold('a').pipe(broken)).toBe('#', undefined, new Error('no'))
    })
  })

  it('unsubscribes from source and projection', () => {
    runMarbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source$ = hot('   -a----')
      const work$ = cold('     -x----')
      const unsubscribe = '   ^---!'
      const result$ = source$.pipe(concatMapBounded(() => work$, lossless))
      expectObservable(result$, unsubscribe).toBe('--x--')
      expectSubscriptions(source$.subscriptions).toBe(unsubscribe)
      expectSubscriptions(work$.subscriptions).toBe('-^--!')
    })
  })

  it('takes synchronous sources and projections of any number', () => {
    const seen: number[] = []
    range(0, 100_000)
      .pipe(
        concatMapBounded((value) => of(value), lossless),
        take(99_999),
      )
      .subscribe((value) => seen.push(value))
    expect(seen).toHaveLength(99_999)
  })
})
