import { describe, expect, it } from 'vitest'
import { agentResponseCodec } from '../../src/mesos/codec.ts'
import {
  decodeReadFile,
  encodeReadFileCall,
  encodeReadFileHead,
} from '../../src/mesos/read-file.ts'

const codec = agentResponseCodec('application/x-protobuf')

function encode(data: Uint8Array, size: number): Uint8Array {
  const readFile = { size, data: Buffer.from(data).toString('base64') }
  return codec.encodeEvent({ type: 'READ_FILE', readFile })
}

describe('decodeReadFile', () => {
  it.each([[[]], [[0, 255, 128, 10]], [Array.from({ length: 70_000 }, (_, at) => at % 256)]])(
    'gives the bytes as they are, and the size of the file',
    (bytes) => {
      const data = Uint8Array.from(bytes)
      const part = decodeReadFile(encode(data, 2 ** 40))
      expect(Buffer.compare(part.data, data)).toBe(0)
      expect(part.size).toBe(2 ** 40)
    },
  )

  it.each([
    ['another answer', codec.encodeEvent({ type: 'GET_HEALTH', getHealth: { healthy: true } })],
    ['no answer', Uint8Array.from(Buffer.from('<html>'))],
    ['a part of an answer', encode(Uint8Array.from([1, 2, 3]), 3).subarray(0, -1)],
    ['nothing', new Uint8Array()],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeReadFile(bytes)).toThrow(
      expect.objectContaining({ code: 'MESSAGE_INVALID' }) as Error,
    )
  })
})

describe('encodeReadFileCall', () => {
  it.each([0, 2 ** 31, 2 ** 40])('gives the bytes that the codec gives, at offset %d', (offset) => {
    const readFile = { path: '/frameworks/f/häuser', offset, length: 65_536 }
    const expected = codec.encodeCall({ type: 'READ_FILE', readFile })
    expect(Buffer.compare(encodeReadFileCall(readFile), expected)).toBe(0)
  })
})

describe('encodeReadFileHead', () => {
  it.each([0, 1, 65_536])('gives, with %d bytes after it, what the codec gives', (length) => {
    const data = new Uint8Array(length).fill(200)
    const answer = Buffer.concat([encodeReadFileHead({ data, size: 2 ** 40 }), data])
    expect(Buffer.compare(answer, encode(data, 2 ** 40))).toBe(0)
  })
})
