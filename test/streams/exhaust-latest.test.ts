import { of, range, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { exhaustLatest } from '../../src/streams/exhaust-latest.ts'
import { runMarbles } from './run-marbles.ts'

describe('exhaustLatest', () => {
  it('works on the latest value that arrived meanwhile', () => {
    runMarbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source$ = hot('  -abcd-----e-|')
      const work$ = cold('    ---x|')
      const expected = '     ----x---x----x|'
      const subscriptions = ['-^---!', '-----^---!', '----------^---!']
      expectObservable(source$.pipe(exhaustLatest(() => work$))).toBe(expected)
      expectSubscriptions(work$.subscriptions).toBe(subscriptions)
    })
  })

  it('completes when the source has and the work is done', () => {
    runMarbles(({ cold, expectObservable }) => {
      const work = () => cold('--x|')
      expectObservable(cold('   |').pipe(exhaustLatest(work))).toBe('|')
      expectObservable(cold('   -').pipe(exhaustLatest(work))).toBe('-')
      expectObservable(cold('   a|').pipe(exhaustLatest(work))).toBe('--x|')
      expectObservable(cold('   ab|').pipe(exhaustLatest(work))).toBe('--x--x|')
    })
  })

  it('passes errors of the source, of the work and of its making', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const work$ = cold('   --x|')
      expectObservable(cold('a#').pipe(exhaustLatest(() => work$))).toBe('-#')
      expectSubscriptions(work$.subscriptions).toBe('^!')
      const source$ = cold('a--')
      expectObservable(source$.pipe(exhaustLatest(() => cold('-#')))).toBe('-#')
      expectSubscriptions(source$.subscriptions).toBe('^!')
      const broken = exhaustLatest<string, string>(() => {
        throw new Error('no')
      })
      expectObservable(cold('a').pipe(broken)).toBe('#', undefined, new Error('no'))
    })
  })

  it('unsubscribes from source and work', () => {
    runMarbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source$ = hot('   -a----')
      const work$ = cold('     -x----')
      const unsubscribe = '   ^---!'
      expectObservable(source$.pipe(exhaustLatest(() => work$)), unsubscribe).toBe('--x--')
      expectSubscriptions(source$.subscriptions).toBe(unsubscribe)
      expectSubscriptions(work$.subscriptions).toBe('-^--!')
    })
  })

  it('takes synchronous sources and work, of any number', () => {
    const seen: number[] = []
    range(0, 100_000)
      .pipe(
        exhaustLatest((value) => of(value)),
        take(99_999),
      )
      .subscribe((value) => seen.push(value))
    expect(seen).toHaveLength(99_999)
  })
})
