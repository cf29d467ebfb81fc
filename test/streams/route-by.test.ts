import { Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { routeBy } from '../../src/streams/route-by.ts'
import { runMarbles } from './run-marbles.ts'

const letterOf = (value: string) => (value === '?' ? undefined : value)

describe('routeBy', () => {
  it('emits the values with a key, and completes with the source', () => {
    runMarbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('  -a-b-?-a-|')
      const route = routeBy(source$, letterOf)
      expectObservable(route('a')).toBe('-a-----a-|')
      expectObservable(route('b')).toBe('---b-----|')
      expectObservable(route('c')).toBe('---------|')
      // Once, for all of them.
      expectSubscriptions(source$.subscriptions).toBe('^--------!')
    })
  })

  it('passes the error of the source, also to late subscribers', () => {
    runMarbles(({ hot, expectObservable }) => {
      const source$ = hot('-a-#')
      const route = routeBy(source$, letterOf)
      expectObservable(route('a')).toBe('-a-#')
      expectObservable(route('a'), '-----^').toBe('-----#')
    })
    const source = new Subject<string>()
    const route = routeBy(source, letterOf)
    source.complete()
    let isComplete = false
    route('a').subscribe({ complete: () => (isComplete = true) })
    expect(isComplete).toBe(true)
  })

  it('emits nothing after unsubscription, and takes subscribers of a key again', () => {
    runMarbles(({ hot, expectObservable }) => {
      const source$ = hot('-a-a-a-a-')
      const route = routeBy(source$, letterOf)
      expectObservable(route('a'), '^-!').toBe('-a')
      expectObservable(route('a'), '----^-!').toBe('-----a')
      expectObservable(route('a'), '--^').toBe('---a-a-a-')
    })
  })

  it('lets subscribers come and go while they are called', () => {
    const source = new Subject<string>()
    const route = routeBy(source, letterOf)
    const seen: string[] = []
    const first = route('a').subscribe(() => {
      seen.push('first')
      first.unsubscribe()
      route('a').subscribe(() => seen.push('third'))
    })
    route('a').subscribe(() => seen.push('second'))
    source.next('a')
    expect(seen).toEqual(['first', 'second'])
    source.next('a')
    expect(seen).toEqual(['first', 'second', 'second', 'third'])
  })
})
