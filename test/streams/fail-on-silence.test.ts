import { Observable, Subject, asyncScheduler, of, take } from 'rxjs'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { JarcastError } from '../../src/errors.ts'
import { failOnSilence } from '../../src/streams/fail-on-silence.ts'
import { runMarbles } from './run-marbles.ts'

// The one whose time marbles tell.
const scheduler = asyncScheduler
const options = { firstMs: 8, intervalMs: 2, factor: 2, scheduler }
const silentFor = (boundMs: number) =>
  new JarcastError('STREAM_SILENT', `nothing was heard for ${boundMs / 1000} s`, {
    retryable: true,
    details: { boundMs },
  })

describe('failOnSilence', () => {
  it('passes a source that beats in time', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(' -a---b--c-|')
      const subscription = ' ^---------!'
      const expected = '     -a---b--c-|'
      expectObservable(source$.pipe(failOnSilence({ ...options, factor: 2.5 }))).toBe(expected)
      expectSubscriptions(source$.subscriptions).toBe(subscription)
    })
  })

  it('errors after factor intervals without a value', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(' -a-b------c')
      const subscription = ' ^------!'
      const expected = '     -a-b---#'
      expectObservable(source$.pipe(failOnSilence(options))).toBe(expected, undefined, silentFor(4))
      expectSubscriptions(source$.subscriptions).toBe(subscription)
    })
  })

  it('bounds the first value by its own time', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(' -----------a')
      const subscription = ' ^-------!'
      const expected = '     --------#'
      expectObservable(source$.pipe(failOnSilence(options))).toBe(expected, undefined, silentFor(8))
      expectSubscriptions(source$.subscriptions).toBe(subscription)
    })
  })

  it('learns a shorter interval from a value', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(' 3-------', { 3: 3 })
      const subscription = ' ^-----!'
      const expected = '     3-----#'
      const learning = { scheduler, firstMs: 75, factor: 2, intervalMsOf: (value: number) => value }
      expectObservable(source$.pipe(failOnSilence(learning))).toBe(expected, { 3: 3 }, silentFor(6))
      expectSubscriptions(source$.subscriptions).toBe(subscription)
    })
  })

  it('learns a longer interval and keeps it', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const values = { n: undefined, 5: 5 }
      const source$ = cold('      n5--n----------', values)
      const subscription = '      ^-------------!'
      const expected = '          n5--n---------#'
      const learning = { ...options, intervalMsOf: (value: number | undefined) => value }
      expectObservable(source$.pipe(failOnSilence(learning))).toBe(expected, values, silentFor(10))
      expectSubscriptions(source$.subscriptions).toBe(subscription)
    })
  })

  it('sets no timer for an infinite bound', () => {
    runMarbles(({ cold, expectObservable, flush }, scheduler) => {
      const endless = { scheduler, firstMs: 3, intervalMs: Infinity }
      const source$ = cold('a 90s b|')
      expectObservable(source$.pipe(failOnSilence(endless))).toBe('a 90s b|')
      flush()
      expect(scheduler.actions).toHaveLength(0)
    })
  })

  it('counts no silence while the source is not read', () => {
    runMarbles(({ cold, hot, expectObservable }) => {
      const isPaused$ = hot('--t---------f--------', { t: true, f: false })
      const source$ = cold(' a--------------------')
      const expected = '     a---------------#'
      const guarded$ = source$.pipe(failOnSilence({ ...options, isPaused$ }))
      expectObservable(guarded$).toBe(expected, undefined, silentFor(4))
    })
  })

  it('keeps its timer off when a value comes during a pause', () => {
    runMarbles(({ cold, hot, expectObservable, flush }, scheduler) => {
      const isPaused$ = hot('-t-----------', { t: true })
      const source$ = cold(' a---b-------|')
      const guarded$ = source$.pipe(failOnSilence({ ...options, isPaused$ }))
      expectObservable(guarded$).toBe('a---b-------|')
      flush()
      expect(scheduler.actions).toHaveLength(0)
    })
  })

  it('holds bounds that are longer than a timer can be', () => {
    runMarbles(({ cold, expectObservable }) => {
      const month = 30 * 24 * 3600 * 1000
      const source$ = cold('-')
      expectObservable(source$.pipe(failOnSilence({ firstMs: month, scheduler }))).toBe(
        '43200m #',
        undefined,
        silentFor(month),
      )
    })
  })

  it('passes errors and completion of the source', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const empty$ = cold('  |')
      const broken$ = cold(' -a-#')
      expectObservable(empty$.pipe(failOnSilence(options))).toBe(' |')
      expectObservable(broken$.pipe(failOnSilence(options))).toBe('-a-#')
      expectSubscriptions(empty$.subscriptions).toBe('            (^!)')
      expectSubscriptions(broken$.subscriptions).toBe('           ^--!')
    })
  })

  it('ends source and timer when unsubscribed', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions, flush }, scheduler) => {
      const source$ = cold(' -a--------')
      const unsubscribe = '  ^--!'
      expectObservable(source$.pipe(failOnSilence(options)), unsubscribe).toBe('-a--')
      expectSubscriptions(source$.subscriptions).toBe(unsubscribe)
      flush()
      expect(scheduler.actions).toHaveLength(0)
    })
  })

  it('counts anew for each subscribe', () => {
    runMarbles(({ cold, expectObservable }) => {
      const guarded$ = cold('a---|').pipe(failOnSilence({ ...options, factor: 3 }))
      expectObservable(guarded$).toBe('a---|')
      expectObservable(guarded$, '----------^').toBe('----------a---|')
    })
  })

  it('cuts a synchronous source short', () => {
    let produced = 0
    const endless$ = new Observable<number>((subscriber) => {
      while (!subscriber.closed && produced < 1000) subscriber.next(produced++)
    })
    endless$.pipe(failOnSilence({ scheduler }), take(2)).subscribe()
    expect(produced).toBe(2)
  })

  it('passes a synchronous source whole', () => {
    const seen: number[] = []
    of(1, 2, 3)
      .pipe(failOnSilence({ scheduler }))
      .subscribe((value) => seen.push(value))
    expect(seen).toEqual([1, 2, 3])
  })

  it('measures elapsed time, with any setting of the clock', () => {
    vi.useFakeTimers({ now: Date.parse('1970-01-01') })
    onTestFinished(() => void vi.useRealTimers())
    const source = new Subject<string>()
    const heard: unknown[] = []
    source.pipe(failOnSilence({ firstMs: 8000, intervalMs: 2000, factor: 2 })).subscribe({
      next: (value) => heard.push(value),
      error: (error: JarcastError) => heard.push(error.code),
    })
    vi.advanceTimersByTime(7000)
    source.next('a')
    vi.setSystemTime('2026-11-29')
    vi.advanceTimersByTime(3500)
    source.next('b')
    vi.setSystemTime('1999-12-31')
    vi.advanceTimersByTime(3500)
    expect(heard).toEqual(['a', 'b'])
    vi.advanceTimersByTime(1000)
    expect(heard).toEqual(['a', 'b', 'STREAM_SILENT'])
  })
})
