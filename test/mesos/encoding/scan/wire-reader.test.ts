import fc from 'fast-check'
import protobuf from 'protobufjs/minimal.js'
import { describe, expect, it } from 'vitest'
import { WireReader } from '../../../../src/mesos/encoding/scan/wire-reader.ts'

function readerOf(...bytes: readonly number[]): WireReader {
  return new WireReader(Uint8Array.from(bytes))
}

/** As the low bytes first, seven bits each. */
const tenBytes = [255, 255, 255, 255, 255, 255, 255, 255, 255, 1]

describe('WireReader', () => {
  it('reads what protobufjs writes', () => {
    const values = fc.tuple(fc.nat(), fc.integer(), fc.boolean(), fc.double(), fc.string())
    fc.assert(
      fc.property(values, fc.uint8Array(), ([natural, integer, bool, double, text], bytes) => {
        const writer = protobuf.Writer.create().uint32(natural).int32(integer).int64(integer)
        writer.bool(bool).double(double).string(text).bytes(bytes)
        const reader = new WireReader(writer.finish())
        expect(reader.uint32()).toBe(natural)
        expect(reader.int32()).toBe(integer)
        expect(reader.int64()).toBe(integer)
        expect(reader.bool()).toBe(bool)
        expect(reader.double()).toBe(double)
        expect(reader.string()).toBe(text)
        expect(reader.base64()).toBe(Buffer.from(bytes).toString('base64'))
      }),
    )
  })

  it('gives integers of 64 bits as digits where a number is not exact', () => {
    expect(readerOf(...tenBytes).int64()).toBe(-1)
    expect(readerOf(...tenBytes).uint64()).toBe('18446744073709551615')
    const big = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    fc.assert(
      fc.property(big, (value) => {
        const bytes = protobuf.Writer.create()
          .int64(String(value) as never)
          .finish()
        expect(BigInt(new WireReader(bytes).int64())).toBe(value)
        expect(BigInt(new WireReader(bytes).uint64())).toBe(BigInt.asUintN(64, value))
      }),
    )
  })

  it('passes over values of all wire types', () => {
    const number = [0x08, 128, 1]
    const eightBytes = [0x11, 0, 0, 0, 0, 0, 0, 0, 0]
    const text = [0x1a, 2, 65, 66]
    const group = [0x23, 0x08, 1, 0x24]
    const fourBytes = [0x2d, 0, 0, 0, 0]
    const reader = readerOf(...number, ...eightBytes, ...text, ...group, ...fourBytes)
    for (const id of [1, 2, 3, 4, 5]) {
      const tag = reader.uint32()
      expect(tag >>> 3).toBe(id)
      reader.skip(tag)
    }
    expect(() => reader.uint32()).toThrow(RangeError)
  })

  it.each<[string, readonly number[], (reader: WireReader) => unknown]>([
    ['a number without its end', [128], (reader) => reader.uint32()],
    ['a number of eleven bytes', [128, ...tenBytes], (reader) => reader.uint32()],
    ['a long number of eleven bytes', [128, ...tenBytes], (reader) => reader.int64()],
    ['a double without its end', [0, 0, 0], (reader) => reader.double()],
    ['a text beyond the end', [2, 65], (reader) => reader.string()],
    ['a length of 4 GiB', [255, 255, 255, 255, 15, 65], (reader) => reader.base64()],
    ['a message beyond the end', [2, 65], (reader) => reader.endOfNext()],
    ['a field without number', [0], (reader) => reader.skip(2)],
    ['an unknown wire type', [0], (reader) => reader.skip(0x0e)],
    ['the end of another group', [0x14], (reader) => reader.skip(0x0b)],
    ['groups nested without end', Array.from({ length: 10_000 }, () => 0x0b), skipGroup],
  ])('refuses %s', (_, bytes, read) => {
    expect(() => read(readerOf(...bytes))).toThrow(RangeError)
  })
})

function skipGroup(reader: WireReader): void {
  reader.skip(0x0b)
}
