import { describe, expect, it } from 'vitest'
import { agentResponseCodec } from '../../../src/mesos/codec.ts'
import { decodeReadFile } from '../../../src/client/agents/read-file-answer.ts'

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
