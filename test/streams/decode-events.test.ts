import { readFileSync } from 'node:fs'
import { from, lastValueFrom, of, take, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { schedulerCodec } from '../../src/mesos/codec.ts'
import type { MediaType } from '../../src/mesos/codec.ts'
import { encodeRecord } from '../../src/mesos/recordio.ts'
import { decodeEvents } from '../../src/streams/decode-events.ts'
import { runMarbles } from './run-marbles.ts'

const codec = schedulerCodec('application/json')
const json = (value: unknown) => encodeRecord(Buffer.from(JSON.stringify(value)))
const fixture = (name: string) =>
  readFileSync(new URL(`../fixtures/mesos/${name}`, import.meta.url))
const slices = function* (bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

describe('decodeEvents', () => {
  it('decodes events and keeps unknown types', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(' -h-n-|', { h: json({ type: 'HEARTBEAT' }), n: json({ type: 'NEWS' }) })
      const subscription = ' ^----!'
      const expected = '     -h-n-|'
      expectObservable(source$.pipe(decodeEvents(codec))).toBe(expected, {
        h: { type: 'HEARTBEAT' },
        n: { type: 'UNKNOWN', unknownType: 'NEWS' },
      })
      expectSubscriptions(source$.subscriptions).toBe(subscription)
    })
  })

  it('errors on a record that is no event', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(' -x-h', { x: json('nope'), h: json({ type: 'HEARTBEAT' }) })
      const invalid = expect.objectContaining({ code: 'MESSAGE_INVALID' }) as Error
      expectObservable(source$.pipe(decodeEvents(codec))).toBe('-#', undefined, invalid)
      expectSubscriptions(source$.subscriptions).toBe('         ^!')
    })
  })

  it('reports a record that is no event, and reads on', () => {
    const refused: string[] = []
    const seen: string[] = []
    of(Buffer.concat([json('nope'), json({ type: 'HEARTBEAT' })]))
      .pipe(decodeEvents(codec, { onInvalid: (_, record) => refused.push(String(record)) }))
      .subscribe(({ type }) => seen.push(type))
    expect(refused).toEqual([String(Buffer.from('"nope"'))])
    expect(seen).toEqual(['HEARTBEAT'])
  })

  it('leaves out empty records', () => {
    runMarbles(({ cold, expectObservable }) => {
      const source$ = cold('e-|', { e: encodeRecord(new Uint8Array(0)) })
      expectObservable(source$.pipe(decodeEvents(codec))).toBe('--|')
    })
  })

  it('mirrors empty, never and failing sources', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const never$ = cold<Uint8Array>('-')
      expectObservable(cold<Uint8Array>('|').pipe(decodeEvents(codec))).toBe('|')
      expectObservable(cold<Uint8Array>('-#').pipe(decodeEvents(codec))).toBe('-#')
      expectObservable(never$.pipe(decodeEvents(codec)), '^--!').toBe('-')
      expectSubscriptions(never$.subscriptions).toBe('     ^--!')
    })
  })

  it('decodes no more of a synchronous source than is taken', () => {
    const seen: string[] = []
    of(json({ type: 'HEARTBEAT' }), json('nope'))
      .pipe(decodeEvents(codec), take(1))
      .subscribe((event) => seen.push(event.type))
    expect(seen).toEqual(['HEARTBEAT'])
  })

  it.each([1, 2, 3, 5, 10, 60, Infinity])(
    'reads recorded streams in chunks of %d',
    async (size) => {
      const read = (name: string, mediaType: MediaType) =>
        lastValueFrom(
          from(slices(fixture(name), size)).pipe(
            decodeEvents(schedulerCodec(mediaType)),
            toArray(),
          ),
        )
      const ofJson = await read('lifecycle/json.recordio', 'application/json')
      const ofProtobuf = await read('lifecycle/protobuf.recordio', 'application/x-protobuf')
      expect(ofJson[0]?.type).toBe('SUBSCRIBED')
      expect(ofProtobuf.map(({ type }) => type).slice(0, 3)).toEqual(
        ofJson.map(({ type }) => type).slice(0, 3),
      )
      expect(ofJson.at(-1)?.type).toBe('ERROR')
      expect(ofProtobuf.at(-1)?.type).toBe('ERROR')
    },
  )
})
