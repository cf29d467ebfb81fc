import { of, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { connectWithBackOff } from '../../src/streams/connect-with-back-off.ts'
import { runMarbles } from './run-marbles.ts'

const options = { random: () => 0.5, firstMs: 8 }

describe('connectWithBackOff', () => {
  it('connects at once on attempt zero', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(' -a-b-|')
      const subscription = ' ^----!'
      const expected = '     -a-b-|'
      expectObservable(connectWithBackOff(() => source$, 0, options)).toBe(expected)
      expectSubscriptions(source$.subscriptions).toBe(subscription)
    })
  })

  it('waits the back-off of later attempts', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('     -a-|')
      const subscription = ' ----^--!'
      const expected = '     -----a-|'
      expectObservable(connectWithBackOff(() => source$, 1, options)).toBe(expected)
      expectSubscriptions(source$.subscriptions).toBe(subscription)
    })
  })

  it('passes the error of the connection after the wait', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('     -#')
      const subscription = ' ----^!'
      const expected = '     -----#'
      expectObservable(connectWithBackOff(() => source$, 1, options)).toBe(expected)
      expectSubscriptions(source$.subscriptions).toBe(subscription)
    })
  })

  it('completes with an empty and never with a never source', () => {
    runMarbles(({ cold, expectObservable }) => {
      const empty$ = cold('  |')
      const never$ = cold('  -')
      expectObservable(connectWithBackOff(() => empty$, 1, options)).toBe('----|')
      expectObservable(
        connectWithBackOff(() => never$, 1, options),
        '^---------!',
      ).toBe('-')
    })
  })

  it('never connects when unsubscribed during the wait', () => {
    runMarbles(({ cold, expectObservable, flush }) => {
      let connects = 0
      const connect = () => {
        connects++
        return cold('a')
      }
      expectObservable(connectWithBackOff(connect, 1, options), '^--!').toBe('----')
      flush()
      expect(connects).toBe(0)
    })
  })

  it('draws a new wait for each subscribe', () => {
    runMarbles(({ cold, expectObservable }) => {
      const draws = [0.25, 0.75]
      const waiting$ = connectWithBackOff(() => cold('a|'), 1, {
        firstMs: 8,
        random: () => draws.shift() ?? 0,
      })
      expectObservable(waiting$).toBe('--a|')
      expectObservable(waiting$).toBe('------a|')
    })
  })

  it('waits no longer than at first once there is news', () => {
    runMarbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const connect = () => cold('a|')
      const news$ = hot('         --n-n----')
      const shortened$ = connectWithBackOff(connect, 9, { ...options, news$ })
      expectObservable(shortened$).toBe('------a|')
      expectSubscriptions(news$.subscriptions).toBe(['^-!', '^-!'])
      const late$ = connectWithBackOff(connect, 1, { ...options, news$ })
      expectObservable(late$).toBe('----a|')
    })
  })

  it('passes an error of the news', () => {
    runMarbles(({ cold, expectObservable }) => {
      const news$ = cold('--#')
      expectObservable(connectWithBackOff(() => cold('a'), 9, { ...options, news$ })).toBe('--#')
    })
  })

  it('lets a synchronous source be cut short', () => {
    const seen: number[] = []
    connectWithBackOff(() => of(1, 2, 3), 0)
      .pipe(take(2))
      .subscribe((value) => seen.push(value))
    expect(seen).toEqual([1, 2])
  })
})
