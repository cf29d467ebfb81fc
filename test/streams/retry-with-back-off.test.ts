import { of, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { JarcastError } from '../../src/errors.ts'
import { retryWithBackOff } from '../../src/streams/retry-with-back-off.ts'
import { runMarbles } from './run-marbles.ts'

const options = { random: () => 0.5, firstMs: 8, capMs: 16 }
const passing = new JarcastError('STREAM_ENDED', 'gone', { retryable: true })
const final = new JarcastError('MASTER_REJECTED', 'no')

describe('retryWithBackOff', () => {
  it('waits longer after each error in a row', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('   -#', undefined, passing)
      const subscriptions = [
        '                      ^!',
        '                      -----^!',
        '                      --------------^!',
        '                      -----------------------^!',
      ]
      const unsubscribe = '    ^---------------------------!'
      const expected = '       -----------------------------'
      expectObservable(source$.pipe(retryWithBackOff(options)), unsubscribe).toBe(expected)
      expectSubscriptions(source$.subscriptions).toBe(subscriptions)
    })
  })

  it('starts over with short waits after a value', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('   a#', undefined, passing)
      const subscriptions = ['^!', '-----^!', '----------^!']
      const unsubscribe = '    ^------------!'
      const expected = '       a----a----a---'
      expectObservable(source$.pipe(retryWithBackOff(options)), unsubscribe).toBe(expected)
      expectSubscriptions(source$.subscriptions).toBe(subscriptions)
    })
  })

  it('reports the errors that are retried', () => {
    const told: string[] = []
    runMarbles(({ cold, expectObservable, flush }) => {
      const onRetry = ({ code }: JarcastError) => told.push(code)
      const source$ = cold('-#', undefined, passing)
      expectObservable(source$.pipe(retryWithBackOff({ ...options, onRetry })), '^-----!').toBe('-')
      expectObservable(cold('#', undefined, final).pipe(retryWithBackOff({ onRetry }))).toBe(
        '#',
        undefined,
        final,
      )
      flush()
    })
    expect(told).toEqual(['STREAM_ENDED'])
  })

  it('passes a final error at once', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('   -a-#', undefined, final)
      const subscription = '   ^--!'
      expectObservable(source$.pipe(retryWithBackOff(options))).toBe('-a-#', undefined, final)
      expectSubscriptions(source$.subscriptions).toBe(subscription)
    })
  })

  it('passes an error that is not of this package', () => {
    runMarbles(({ cold, expectObservable }) => {
      expectObservable(cold('-#').pipe(retryWithBackOff(options))).toBe('-#')
    })
  })

  it('passes the error of the last attempt', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-#', undefined, passing)
      const limited$ = source$.pipe(retryWithBackOff({ ...options, maxAttempts: 2 }))
      expectObservable(limited$).toBe('------#', undefined, passing)
      expectSubscriptions(source$.subscriptions).toBe(['^!', '-----^!'])
    })
  })

  it('passes a retryable error that may not be retried', () => {
    runMarbles(({ cold, expectObservable }) => {
      const source$ = cold('-#', undefined, passing)
      const mayRetry = ({ code }: JarcastError) => code !== 'STREAM_ENDED'
      expectObservable(source$.pipe(retryWithBackOff({ ...options, mayRetry }))).toBe(
        '-#',
        undefined,
        passing,
      )
    })
  })

  it('passes the error when stopped during a wait', () => {
    runMarbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-#', undefined, passing)
      const stop$ = hot('---x')
      expectObservable(source$.pipe(retryWithBackOff({ ...options, stop$ }))).toBe(
        '---#',
        undefined,
        passing,
      )
      expectSubscriptions(stop$.subscriptions).toBe('-^-!')
    })
  })

  it('completes with an empty and never with a never source', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const never$ = cold('    -')
      expectObservable(cold('  |').pipe(retryWithBackOff(options))).toBe('|')
      expectObservable(never$.pipe(retryWithBackOff(options)), '^--!').toBe('-')
      expectSubscriptions(never$.subscriptions).toBe('          ^--!')
    })
  })

  it('ends the wait when unsubscribed', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('   -#', undefined, passing)
      expectObservable(source$.pipe(retryWithBackOff(options)), '^--!').toBe('-')
      expectSubscriptions(source$.subscriptions).toBe('           ^!')
    })
  })

  it('lets a synchronous source be cut short', () => {
    const seen: number[] = []
    of(1, 2, 3)
      .pipe(retryWithBackOff(options), take(2))
      .subscribe((value) => seen.push(value))
    expect(seen).toEqual([1, 2])
  })
})
