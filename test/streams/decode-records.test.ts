import { from, of, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { JarcastError } from '../../src/errors.ts'
import { decodeRecords } from '../../src/streams/decode-records.ts'
import { runMarbles } from './run-marbles.ts'

const chunk = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))
const decodeText = (...chunks: string[]) => {
  const seen: string[] = []
  let outcome = 'open'
  of(...chunks.map(chunk))
    .pipe(decodeRecords({ maxFrameBytes: 10 }))
    .subscribe({
      next: (bytes) => seen.push(Buffer.from(bytes).toString('latin1')),
      error: (error: JarcastError) => (outcome = error.code),
      complete: () => (outcome = 'complete'),
    })
  return { seen, outcome }
}

describe('decodeRecords', () => {
  it('emits each record with the chunk that ends it', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const chunks = { a: chunk('2\nhi3\n'), b: chunk('you0\n2\n'), c: chunk('oh') }
      const records = { h: chunk('hi'), y: chunk('you'), e: chunk(''), o: chunk('oh') }
      const source$ = cold(' a---b---c--|', chunks)
      const subscription = ' ^----------!'
      const expected = '     h---(ye)o--|'
      expectObservable(source$.pipe(decodeRecords())).toBe(expected, records)
      expectSubscriptions(source$.subscriptions).toBe(subscription)
    })
  })

  it('mirrors empty, never and failing sources', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const half = { h: chunk('5\nha') }
      const never$ = cold('-', half)
      expectObservable(cold('|', half).pipe(decodeRecords())).toBe('|')
      expectObservable(cold('h-#', half).pipe(decodeRecords())).toBe('--#')
      expectObservable(never$.pipe(decodeRecords()), '^--!').toBe('-')
      expectSubscriptions(never$.subscriptions).toBe(' ^--!')
    })
  })

  it('errors when the source ends within a record', () => {
    expect(decodeText('2\nhi5\nha')).toEqual({ seen: ['hi'], outcome: 'FRAME_INVALID' })
  })

  it('errors on a length above its bound at once', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(' a-----', { a: chunk('2\nhi99999999999\n') })
      const expected = '     (h#)'
      const tooLarge = expect.objectContaining({ code: 'FRAME_TOO_LARGE' }) as JarcastError
      expectObservable(source$.pipe(decodeRecords())).toBe(expected, { h: chunk('hi') }, tooLarge)
      expectSubscriptions(source$.subscriptions).toBe('(^!)')
    })
  })

  it.each([
    [['hello\n'], [], 'FRAME_INVALID'],
    [['\n'], [], 'FRAME_INVALID'],
    [['-1\nx'], [], 'FRAME_INVALID'],
    [['1', '1', '\n'], [], 'FRAME_TOO_LARGE'],
    [['1\nax\n'], ['a'], 'FRAME_INVALID'],
  ])('errors on %j', (chunks, seen, outcome) => {
    expect(decodeText(...chunks)).toEqual({ seen, outcome })
  })

  it('keeps what it knows per subscribe', () => {
    const records$ = of(chunk('1\na')).pipe(decodeRecords())
    const seen: number[] = []
    records$.subscribe((record) => seen.push(record.length))
    records$.subscribe((record) => seen.push(record.length))
    expect(seen).toEqual([1, 1])
  })

  it('ends a synchronous source when unsubscribed', () => {
    const endless = function* () {
      for (;;) yield chunk('1\na')
    }
    const seen: number[] = []
    from(endless())
      .pipe(decodeRecords(), take(3))
      .subscribe((record) => seen.push(record.length))
    expect(seen).toEqual([1, 1, 1])
  })

  it('stops within a chunk when unsubscribed', () => {
    const seen: string[] = []
    of(chunk('1\na1\nb1\nc'), chunk('bad'))
      .pipe(decodeRecords(), take(2))
      .subscribe((record) => seen.push(Buffer.from(record).toString()))
    expect(seen).toEqual(['a', 'b'])
  })
})
