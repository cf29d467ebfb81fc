import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRecordDecoder, encodeRecord } from '../../src/mesos/recordio.ts'
import { readStream, recordings, recordsOf } from './captures.ts'

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text))
const textOf = (records: readonly Uint8Array[]) => records.map((r) => Buffer.from(r).toString())

function decodeInChunks(stream: Uint8Array, size: number): Uint8Array[] {
  const decoder = createRecordDecoder()
  const records: Uint8Array[] = []
  for (let at = 0; at < stream.length; at += size) {
    records.push(...decoder.push(stream.subarray(at, at + size)))
  }
  decoder.end()
  return records
}

describe('createRecordDecoder', () => {
  const sizes = [1, 2, 3, 5, 10, 60, Number.MAX_SAFE_INTEGER]
  const cases = recordings.flatMap((recording) => sizes.map((size) => ({ ...recording, size })))

  it.each(cases)('cuts $name as $encoding in chunks of $size', ({ name, encoding, size }) => {
    const stream = readStream(name, encoding)
    const records = decodeInChunks(stream, size)
    expect(records.map((r) => Buffer.from(r))).toEqual(
      recordsOf(name, encoding).map((r) => Buffer.from(r)),
    )
    expect(Buffer.concat(records.map(encodeRecord)).equals(stream)).toBe(true)
  })

  it('returns what was encoded, wherever chunks are cut', () => {
    const records = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 })
    const cuts = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(records, cuts, (records, cuts) => {
        const stream = Buffer.concat(records.map(encodeRecord))
        const decoder = createRecordDecoder()
        const decoded: Uint8Array[] = []
        let at = 0
        for (let i = 0; at < stream.length; i += 1) {
          const size = i < 200 ? (cuts[i % cuts.length] ?? 0) : stream.length
          decoded.push(...decoder.push(stream.subarray(at, at + size)))
          at += size
        }
        decoder.end()
        expect(decoded.map((r) => [...r])).toEqual(records.map((r) => [...r]))
      }),
    )
  })

  it('tolerates empty records and empty chunks', () => {
    const decoder = createRecordDecoder()
    expect(decoder.push(bytesOf('0\n'))).toHaveLength(1)
    expect(decoder.push(new Uint8Array())).toEqual([])
    expect(textOf(decoder.push(bytesOf('0\n2\nab0\n')))).toEqual(['', 'ab', ''])
  })

  it('puts a large record together from small chunks', () => {
    const body = Buffer.alloc(300_000, 'x')
    const [record] = decodeInChunks(encodeRecord(body), 7)
    expect(body.equals(record ?? new Uint8Array())).toBe(true)
  })

  it.each([
    'x\n',
    '-1\n',
    '+1\n',
    ' 1\n',
    '1 \n',
    '1.5\n',
    '0x1\n',
    '\n',
    '1\r\n',
    '123456789012345678901',
  ])('fails for good on the length %j', (head) => {
    const decoder = createRecordDecoder()
    const fault = expect.objectContaining({ code: 'FRAME_INVALID', retryable: true })
    expect(() => decoder.push(bytesOf(head))).toThrow(fault)
    expect(() => decoder.push(bytesOf('1\na'))).toThrow(fault)
    expect(() => decoder.end()).toThrow(fault)
  })

  it('returns the records before a fault first', () => {
    const decoder = createRecordDecoder()
    expect(textOf(decoder.push(bytesOf('1\na2\nbbnope\n')))).toEqual(['a', 'bb'])
    expect(() => decoder.push(new Uint8Array())).toThrow(
      expect.objectContaining({ code: 'FRAME_INVALID' }),
    )
  })

  it('hands each record on as a part of its chunk', () => {
    const chunk = bytesOf('1\na0\n2\nbb')
    const parts: unknown[] = []
    createRecordDecoder().read(chunk, (bytes, ...part) => parts.push([bytes === chunk, ...part]))
    expect(parts).toEqual([
      [true, 2, 3],
      [true, 5, 5],
      [true, 7, 9],
    ])
  })

  it('hands on the records before a fault, and fails for good', () => {
    const decoder = createRecordDecoder()
    const lengths: number[] = []
    const read = () =>
      decoder.read(bytesOf('1\na2\nbbnope\n'), (_, start, end) => lengths.push(end - start))
    expect(read).toThrow(expect.objectContaining({ code: 'FRAME_INVALID' }))
    expect(read).toThrow(expect.objectContaining({ code: 'FRAME_INVALID' }))
    expect(lengths).toEqual([1, 2])
  })

  it('refuses a record beyond the bound before its bytes come', () => {
    const decoder = createRecordDecoder({ maxFrameBytes: 99 })
    expect(decoder.push(bytesOf('99'))).toEqual([])
    expect(() => decoder.push(bytesOf('9'))).toThrow(
      expect.objectContaining({
        code: 'FRAME_TOO_LARGE',
        details: { length: 999, maxFrameBytes: 99 },
      }),
    )
  })

  it('takes 64 MiB by default and no more', () => {
    expect(createRecordDecoder().push(bytesOf(`${64 * 1024 * 1024}\n`))).toEqual([])
    expect(() => createRecordDecoder().push(bytesOf(`${64 * 1024 * 1024 + 1}\n`))).toThrow(
      expect.objectContaining({ code: 'FRAME_TOO_LARGE' }),
    )
  })

  it.each(['1', '3\n', '3\nab'])('says when the stream ends within a record: %j', (text) => {
    const decoder = createRecordDecoder()
    decoder.push(bytesOf(text))
    expect(() => decoder.end()).toThrow(
      expect.objectContaining({ code: 'FRAME_INVALID', retryable: true }),
    )
  })

  it('answers any bytes with records or a frame error', () => {
    const garbage = fc.array(fc.oneof(fc.uint8Array(), fc.constant(bytesOf('3\nabc1'))))
    fc.assert(
      fc.property(garbage, (chunks) => {
        const decoder = createRecordDecoder({ maxFrameBytes: 1000 })
        try {
          for (const chunk of chunks) decoder.push(chunk)
          decoder.end()
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^FRAME_/u) as string })
        }
      }),
    )
  })
})
