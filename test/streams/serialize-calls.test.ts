import { NEVER, Observable, concat, of, take, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { JarcastError } from '../../src/errors.ts'
import { serializeCalls } from '../../src/streams/serialize-calls.ts'
import { runMarbles } from './run-marbles.ts'

describe('serializeCalls', () => {
  it('performs calls in order, one at a time', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const one$ = cold('    --a|')
      const two$ = cold('       -b|')
      const inTurn = serializeCalls((call: 'one' | 'two') => (call === 'one' ? one$ : two$))
      expectObservable(inTurn('one')).toBe('--a|')
      expectObservable(inTurn('two')).toBe('----b|')
      expectSubscriptions(one$.subscriptions).toBe('^--!')
      expectSubscriptions(two$.subscriptions).toBe('---^-!')
    })
  })

  it('gives each error to its own caller', () => {
    runMarbles(({ cold, expectObservable }) => {
      const answers = { bad: cold('-#'), good: cold(' -g|') }
      const inTurn = serializeCalls((call: 'bad' | 'good') => answers[call])
      expectObservable(inTurn('bad')).toBe('-#')
      expectObservable(inTurn('good')).toBe('--g|')
    })
  })

  it('completes empty calls and stays behind one that never ends', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const never$ = cold('-')
      const late$ = cold(' l|')
      const answers = { empty: cold('|'), never: never$, late: late$ }
      const inTurn = serializeCalls((call: keyof typeof answers) => answers[call])
      expectObservable(inTurn('empty')).toBe('|')
      expectObservable(inTurn('never'), '^----!').toBe('-')
      expectObservable(inTurn('late')).toBe('-----l|')
      expectSubscriptions(never$.subscriptions).toBe('^----!')
      expectSubscriptions(late$.subscriptions).toBe(' -----^!')
    })
  })

  it('takes an unsubscribed call out of the queue', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const one$ = cold('--a|')
      const dropped$ = cold('x|')
      const three$ = cold('c|')
      const answers = { one: one$, dropped: dropped$, three: three$ }
      const inTurn = serializeCalls((call: keyof typeof answers) => answers[call])
      expectObservable(inTurn('one')).toBe('--a|')
      expectObservable(inTurn('dropped'), '^-!').toBe('-')
      expectObservable(inTurn('three')).toBe('---c|')
      expectSubscriptions(dropped$.subscriptions).toBe([])
    })
  })

  it('refuses calls above its bound and recovers', () => {
    runMarbles(({ cold, expectObservable }) => {
      const inTurn = serializeCalls(() => cold('--a|'), { maxWaiting: 1 })
      const full = expect.objectContaining({ code: 'CALL_QUEUE_FULL', retryable: true }) as Error
      expectObservable(inTurn(1)).toBe('--a|')
      expectObservable(inTurn(2)).toBe('-----a|')
      expectObservable(inTurn(3)).toBe('#', undefined, full)
      expectObservable(inTurn(4), '----^').toBe('--------a|')
    })
  })

  it('refuses none of the calls that must not get lost', () => {
    runMarbles(({ cold, expectObservable }) => {
      const isRefusable = (call: string) => call !== 'must'
      const inTurn = serializeCalls(() => cold('--a|'), { maxWaiting: 1, isRefusable })
      const full = expect.objectContaining({ code: 'CALL_QUEUE_FULL' }) as Error
      expectObservable(inTurn('may')).toBe('--a|')
      expectObservable(inTurn('must')).toBe('-----a|')
      expectObservable(inTurn('must')).toBe('--------a|')
      expectObservable(inTurn('may')).toBe('#', undefined, full)
    })
  })

  it('turns a throwing perform into that caller’s error', () => {
    const inTurn = serializeCalls((call: string) => {
      if (call === 'bad') throw new JarcastError('MESSAGE_INVALID', 'no')
      return of(call)
    })
    const seen: string[] = []
    inTurn('bad').subscribe({ error: (error: JarcastError) => seen.push(error.code) })
    inTurn('good').subscribe((value) => seen.push(value))
    expect(seen).toEqual(['MESSAGE_INVALID', 'good'])
  })

  it('performs ten thousand synchronous calls without recursion', () => {
    let release = (): void => undefined
    const first$ = new Observable<number>((subscriber) => {
      release = () => subscriber.complete()
    })
    const inTurn = serializeCalls((call: number) => (call === 0 ? first$ : of(call)))
    const seen: number[] = []
    for (let call = 0; call < 10_000; call++) inTurn(call).subscribe((value) => seen.push(value))
    release()
    expect(seen).toHaveLength(9999)
    expect(seen.at(-1)).toBe(9999)
  })

  it('keeps the order of a call made while another ends', () => {
    const inTurn = serializeCalls((call: string) => of(call))
    const seen: string[] = []
    inTurn('one').subscribe({
      next: (value) => seen.push(value),
      complete: () => inTurn('nested').subscribe((value) => seen.push(value)),
    })
    inTurn('two').subscribe((value) => seen.push(value))
    expect(seen).toEqual(['one', 'nested', 'two'])
  })

  it('frees the turn of a synchronous source that is cut short', () => {
    const inTurn = serializeCalls((call: string) => concat(of(call, call), NEVER))
    const seen: string[] = []
    inTurn('one')
      .pipe(take(1))
      .subscribe((value) => seen.push(value))
    inTurn('two')
      .pipe(take(1))
      .subscribe((value) => seen.push(value))
    expect(seen).toEqual(['one', 'two'])
  })

  it('does nothing before it is subscribed', () => {
    let performed = 0
    serializeCalls(() => {
      performed++
      return throwError(() => new Error('never'))
    })('call')
    expect(performed).toBe(0)
  })
})
