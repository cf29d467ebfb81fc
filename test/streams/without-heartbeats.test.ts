import { of, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { withoutHeartbeats } from '../../src/streams/without-heartbeats.ts'
import { runMarbles } from './run-marbles.ts'

const values = {
  h: { type: 'HEARTBEAT' },
  o: { type: 'OFFERS' },
  u: { type: 'UNKNOWN', unknownType: 'NEWS' },
}

describe('withoutHeartbeats', () => {
  it('leaves out heartbeats and nothing else', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(' -h-o-h-u-h-|', values)
      const subscription = ' ^----------!'
      const expected = '     ---o---u---|'
      expectObservable(source$.pipe(withoutHeartbeats())).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subscription)
    })
  })

  it('mirrors empty, never and failing sources', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const never$ = cold('-', values)
      expectObservable(cold('|', values).pipe(withoutHeartbeats())).toBe('|')
      expectObservable(cold('h#', values).pipe(withoutHeartbeats())).toBe('-#')
      expectObservable(never$.pipe(withoutHeartbeats()), '^--!').toBe('-')
      expectSubscriptions(never$.subscriptions).toBe('     ^--!')
    })
  })

  it('lets a synchronous source be cut short', () => {
    const seen: string[] = []
    of(values.h, values.o, values.h, values.u)
      .pipe(withoutHeartbeats(), take(1))
      .subscribe((event) => seen.push(event.type))
    expect(seen).toEqual(['OFFERS'])
  })
})
