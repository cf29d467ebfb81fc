import { from, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { decodeFrames } from '../../../src/client/zookeeper/frames.ts'
import { createJuteReader, juteBuffer, juteInt } from '../../../src/client/zookeeper/jute.ts'
import { runMarbles } from '../../streams/run-marbles.ts'

const messages = ['one', '', 'three'].map((text) => Buffer.from(text))
const bytes = Buffer.concat(messages.map((message) => juteBuffer(message)))

describe('decodeFrames', () => {
  it.each([1, 2, 3, 5, 10, 60])('cuts messages out of pieces of %d bytes', (size) => {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    )
    const seen: Buffer[] = []
    from(pieces)
      .pipe(decodeFrames())
      .subscribe((message) => seen.push(message))
    expect(seen).toEqual(messages)
  })

  it('passes empty, never, error and an end within a message', () => {
    runMarbles(({ cold, expectObservable }) => {
      const half = { a: bytes.subarray(0, 5) }
      expectObservable(cold<Buffer>('|').pipe(decodeFrames())).toBe('|')
      expectObservable(cold<Buffer>('-').pipe(decodeFrames())).toBe('-')
      expectObservable(cold('a-#', half).pipe(decodeFrames())).toBe('--#')
      expectObservable(cold('a-|', half).pipe(decodeFrames())).toBe('--|')
    })
  })

  it('unsubscribes from its source with its subscriber', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-a-a-a', { a: bytes.subarray(0, 7) })
      const result$ = source$.pipe(decodeFrames(), take(2))
      expectObservable(result$).toBe('-a-(a|)', { a: messages[0] })
      expectSubscriptions(source$.subscriptions).toBe('^--!')
    })
  })

  it.each([-1, 1024 * 1024 + 1, 0x4854_5450])('refuses a length of %d', (length) => {
    const seen: unknown[] = []
    from([juteInt(length)])
      .pipe(decodeFrames())
      .subscribe({ error: (error) => seen.push(error) })
    expect(seen).toMatchObject([{ code: 'FRAME_TOO_LARGE' }])
  })
})

describe('createJuteReader', () => {
  it('reads fields in order', () => {
    const texts = Buffer.concat([juteInt(2), juteBuffer('a'), juteBuffer('é')])
    const reader = createJuteReader(
      Buffer.concat([juteInt(-7), Buffer.alloc(8), texts, juteInt(-1), juteBuffer('end')]),
    )
    expect(reader.int()).toBe(-7)
    reader.skipLong()
    expect(reader.texts()).toEqual(['a', 'é'])
    expect(reader.text()).toBe('')
    expect(reader.text()).toBe('end')
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a length beyond the end', juteInt(2)],
    ['a length below null', juteInt(0x7fff_ffff)],
  ])('refuses %s', (_, bytes) => {
    for (const read of ['text', 'buffer', 'texts'] as const) {
      const reader = createJuteReader(bytes)
      expect(() => reader[read]()).toThrow(expect.objectContaining({ code: 'MESSAGE_INVALID' }))
    }
  })
})
